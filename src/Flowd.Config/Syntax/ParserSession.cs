using System.Collections.Generic;
using Flowd.Config.Text;

namespace Flowd.Config.Syntax;

/// <summary>What the files of one configuration share while they are read.</summary>
internal sealed record ParserSession(MacroTable Macros, SourceFiles Files)
{
    public ConfigurationDraft Draft { get; } = new();

    /// <summary>The files that are being read, each included by the one before.</summary>
    public Stack<string> Open { get; } = [];
}
