using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Config;

namespace Flowd.Tests;

/// <summary>
/// golden/NAME.conf is parsed (NAME.rules for flowd-reader -f); the diagnostics and what is printed back must equal golden/NAME.ok.
/// To accept new output: FLOWD_UPDATE_GOLDEN=1 dotnet test, then review the diff.
/// </summary>
public class GoldenTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Flowd.Config.Tests", "golden");

    private static readonly Dictionary<string, string> NoMacros = [];

    public static TheoryData<string> Files
        => [.. Directory.GetFiles(Folder).Where(f => Path.GetExtension(f) != ".ok").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Matches_golden_file(string name)
    {
        ConfigScope scope = Path.GetExtension(name) == ".conf" ? ConfigScope.Daemon : ConfigScope.Filter;
        ParseResult result = ConfigParser.Parse(File.ReadAllText(Path.Combine(Folder, name)), name, NoMacros, scope);
        string actual = string.Concat(result.Diagnostics.Select(d => $"{d}\n"));
        if (result.Configuration is not null)
            actual += ConfigPrinter.Print(result.Configuration);

        string expected = Path.Combine(Folder, Path.ChangeExtension(name, ".ok"));
        if (Environment.GetEnvironmentVariable("FLOWD_UPDATE_GOLDEN") == "1")
            File.WriteAllText(expected, actual);
        Assert.Equal(File.ReadAllText(expected), actual);
    }
}
