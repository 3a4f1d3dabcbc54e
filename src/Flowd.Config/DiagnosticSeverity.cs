namespace Flowd.Config;

/// <summary>A configuration with errors is refused; one with warnings works.</summary>
public enum DiagnosticSeverity : byte
{
    Warning,
    Error,
}
