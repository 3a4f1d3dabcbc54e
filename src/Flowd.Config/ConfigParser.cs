using System;
using System.Collections.Generic;
using Flowd.Config.Syntax;

namespace Flowd.Config;

/// <summary>Reads flowd.conf(5). Takes any text; what is wrong with it is in the result, all of it at once.</summary>
public static class ConfigParser
{
    /// <summary>
    /// <paramref name="fileName"/> is only for the diagnostics. <paramref name="macros"/> are those of the command line; they win over
    /// the file's.
    /// </summary>
    public static ParseResult Parse(string text, string fileName, IReadOnlyDictionary<string, string> macros, ConfigScope scope)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(macros);
        return new Parser(text, fileName, macros).Parse(scope);
    }
}
