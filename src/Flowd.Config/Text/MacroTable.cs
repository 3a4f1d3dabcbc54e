using System;
using System.Collections.Generic;

namespace Flowd.Config.Text;

/// <summary>Macros by name. Those of the command line win over those of the file.</summary>
internal sealed class MacroTable
{
    private sealed record Macro(string Value, int? Offset, bool Warns)
    {
        public bool IsUsed { get; set; }
    }

    private readonly Dictionary<string, Macro> _macros = new(StringComparer.Ordinal);

    public MacroTable(IReadOnlyDictionary<string, string> commandLine)
    {
        foreach ((string name, string value) in commandLine)
            _macros[name] = new Macro(value, Offset: null, Warns: true);
    }

    /// <summary>The macros that nothing used and something should have; an offset of null stands for the command line.</summary>
    public IEnumerable<(string Name, int? Offset)> Unused()
    {
        foreach ((string name, Macro macro) in _macros)
        {
            if (!macro.IsUsed && macro.Warns)
                yield return (name, macro.Offset);
        }
    }

    /// <summary>Defines a macro, anew if the file had it before; keeps that of the command line. Warns: whether somebody has to use it.</summary>
    public void Define(string name, string value, int offset, bool warns)
    {
        if (!_macros.TryGetValue(name, out Macro? macro) || macro.Offset is not null)
            _macros[name] = new Macro(value, offset, warns) { IsUsed = macro?.IsUsed ?? false };
    }

    /// <summary>Looks a macro up for its use.</summary>
    public bool TryUse(string name, out string value)
    {
        bool found = _macros.TryGetValue(name, out Macro? macro);
        if (found)
            macro!.IsUsed = true;
        value = macro?.Value ?? "";
        return found;
    }
}
