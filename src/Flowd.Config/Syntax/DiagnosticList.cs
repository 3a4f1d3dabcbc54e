using System.Collections.Generic;
using System.Linq;
using Flowd.Config.Text;

namespace Flowd.Config.Syntax;

/// <summary>Collects what there is to say about one file, and at the places where it names others, about those.</summary>
internal sealed class DiagnosticList(string file, string text)
{
    private readonly LineTable _lines = new(text);
    private readonly List<(SourcePosition At, Diagnostic Diagnostic)> _diagnostics = [];

    public int Errors { get; private set; }

    public void Error(int offset, string message) => Add(DiagnosticSeverity.Error, offset, message);

    public void Warning(int offset, string message) => Add(DiagnosticSeverity.Warning, offset, message);

    /// <summary>Takes in what there is to say about a file that is named there.</summary>
    public void Include(int offset, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
            Add(_lines.PositionOf(offset), diagnostic);
    }

    public Diagnostic[] InOrderOfText() => [.. _diagnostics.OrderBy(entry => entry.At.Line).ThenBy(entry => entry.At.Column).Select(entry => entry.Diagnostic)];

    private void Add(DiagnosticSeverity severity, int offset, string message)
    {
        SourcePosition position = _lines.PositionOf(offset);
        Add(position, new Diagnostic(severity, file, position.Line, position.Column, message));
    }

    private void Add(SourcePosition at, Diagnostic diagnostic)
    {
        _diagnostics.Add((at, diagnostic));
        if (diagnostic.Severity == DiagnosticSeverity.Error)
            Errors++;
    }
}
