namespace Flowd.Config;

/// <summary>What is wrong with a configuration, and where: lines and columns count from 1, columns in UTF-16 units.</summary>
public sealed record Diagnostic(DiagnosticSeverity Severity, string File, int Line, int Column, string Message)
{
    public override string ToString()
        => $"{File}:{Line}:{Column}: {(Severity == DiagnosticSeverity.Warning ? "warning: " : "")}{Message}";
}
