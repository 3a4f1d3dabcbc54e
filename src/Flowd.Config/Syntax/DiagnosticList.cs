using System.Collections.Generic;
using System.Linq;
using Flowd.Config.Text;

namespace Flowd.Config.Syntax;

/// <summary>Collects what there is to say about one file.</summary>
internal sealed class DiagnosticList(string file, string text)
{
    private readonly LineTable _lines = new(text);
    private readonly List<Diagnostic> _diagnostics = [];

    public int Errors { get; private set; }

    public void Error(int offset, string message)
    {
        Errors++;
        Add(DiagnosticSeverity.Error, offset, message);
    }

    public void Warning(int offset, string message) => Add(DiagnosticSeverity.Warning, offset, message);

    public Diagnostic[] InOrderOfText() => [.. _diagnostics.OrderBy(d => d.Line).ThenBy(d => d.Column)];

    private void Add(DiagnosticSeverity severity, int offset, string message)
    {
        SourcePosition position = _lines.PositionOf(offset);
        _diagnostics.Add(new Diagnostic(severity, file, position.Line, position.Column, message));
    }
}
