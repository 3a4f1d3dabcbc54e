namespace Flowd.Config.Text;

/// <summary>A place in a text; both count from 1.</summary>
internal readonly record struct SourcePosition(int Line, int Column);
