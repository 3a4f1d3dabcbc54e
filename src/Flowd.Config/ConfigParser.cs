using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Config.Syntax;
using Flowd.Config.Text;

namespace Flowd.Config;

/// <summary>Reads flowd.conf(5). Takes any text; what is wrong with it is in the result, all of it at once.</summary>
public static class ConfigParser
{
    /// <summary>
    /// <paramref name="fileName"/> is for the diagnostics, and where paths begin that do not begin with "/". <paramref name="macros"/> are those of the
    /// command line; they win over the file's. <paramref name="read"/> reads the files that it names; null where there are none.
    /// </summary>
    public static ParseResult Parse(string text, string fileName, IReadOnlyDictionary<string, string> macros, ConfigScope scope, ReadConfigurationFile? read = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(macros);
        return new Parser(text, fileName, new ParserSession(new MacroTable(macros), new SourceFiles(read, tables: null))).Parse(scope);
    }

    /// <summary>
    /// Reads what <see cref="ConfigPrinter"/> wrote of a configuration that was good, for who is handed it, and what <see cref="TableImage"/> has of its
    /// tables; who does not look at rules need not have that. Throws <see cref="InvalidDataException"/> if it is not, which is a fault of ours.
    /// </summary>
    public static Configuration ParseNormalForm(string text, byte[]? tables = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var files = new SourceFiles(read: null, TableImage.Read(tables ?? []));
        ParseResult parsed = new Parser(text, "configuration", new ParserSession(new MacroTable(new Dictionary<string, string>()), files)).Parse(ConfigScope.Daemon);
        return parsed.Configuration ?? throw new InvalidDataException($"the normal form does not parse: {string.Join("; ", parsed.Diagnostics)}");
    }
}
