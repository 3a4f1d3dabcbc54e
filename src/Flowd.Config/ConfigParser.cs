using System;
using System.Collections.Generic;
using System.IO;
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

    /// <summary>
    /// Reads what <see cref="ConfigPrinter"/> wrote of a configuration that was good, for who is handed it. Throws
    /// <see cref="InvalidDataException"/> if it is not, which is a fault of ours.
    /// </summary>
    public static Configuration ParseNormalForm(string text)
    {
        ParseResult parsed = Parse(text, "configuration", new Dictionary<string, string>(), ConfigScope.Daemon);
        return parsed.Configuration ?? throw new InvalidDataException($"the normal form does not parse: {string.Join("; ", parsed.Diagnostics)}");
    }
}
