using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What flowd 0.9.1 made of its own logs, byte for byte, by the same command lines. The times are UTC there.</summary>
public class GoldenTests
{
    public static TheoryData<string, string> Texts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string log in (string[])["ipfix", "masked", "mixed", "tagged", "v1", "v2-legacy", "v5", "v6agent", "v7", "v9"])
            {
                foreach (string form in (string[])["brief", "verbose", "csv"])
                    data.Add(log, form);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Texts))]
    public void Text_is_that_of_the_original(string log, string form)
    {
        string path = SharedData.PathOf("golden", "logs", log + ".log");
        string[] options = form switch { "verbose" => ["-v"], "csv" => ["-c"], _ => [] };
        string[] legacy = log == "v2-legacy" ? ["-L"] : [];

        Command command = Command.Run([.. options, .. legacy, "-U", path]);

        string expected = File.ReadAllText(SharedData.PathOf("golden", "logs", $"{log}.{form}.txt"));
        Assert.Equal(expected, command.Output.Replace($"LOGFILE {path}", $"LOGFILE {log}.log", StringComparison.Ordinal));
        Assert.Equal((0, ""), (command.Exit, command.Error));
    }

    [Fact]
    public void A_version_2_log_is_converted_as_by_the_original()
    {
        Command command = Command.Run("-L", "-o", "-", SharedData.PathOf("golden", "logs", "v2-legacy.log"));
        Assert.Equal(File.ReadAllBytes(SharedData.PathOf("golden", "logs", "v2-converted.v3.log")), command.Octets);
        Assert.Equal((0, ""), (command.Exit, command.Error));
    }

    [Theory]
    [InlineData("mixed")]
    [InlineData("masked")]
    [InlineData("tagged")]
    [InlineData("v6agent")]
    public void A_log_written_again_is_the_same(string log)
    {
        string path = SharedData.PathOf("golden", "logs", log + ".log");
        Assert.Equal(File.ReadAllBytes(path), Command.Run("-o", "-", path).Octets);
    }

    /// <summary>What the original refuses and we take, because the language has grown.</summary>
    private static readonly Dictionary<string, string> Grown = new()
    {
        ["000.rules"] = "\"quick\" stands before \"tag\": the order of clauses is free",
        ["022.rules"] = "\"after 17:00 before 08:00\" goes over midnight",
        ["072.rules"] = "\"proto\" stands before \"src\"",
        ["133.rules"] = "\"proto\" stands before \"src\"",
    };

    [Fact]
    public void Every_rule_file_gives_the_verdicts_of_the_original()
    {
        Assert.SkipUnless(TimeZoneInfo.Local.BaseUtcOffset == TimeSpan.Zero, "the verdicts were made with TZ=UTC");
        string[] rows = File.ReadAllLines(SharedData.PathOf("golden", "rules", "expected.tsv"));
        string log = SharedData.PathOf("golden", "logs", "mixed.log");
        var wrong = new List<string>();
        foreach (string row in rows.Skip(1))
        {
            string[] columns = row.Split('\t');
            string actual = Outcome(SharedData.PathOf("golden", "rules", columns[0]), log, columns[0]);
            if (Grown.ContainsKey(columns[0]) ? columns[1] != "1" || !actual.StartsWith($"{columns[0]}\t0\t", StringComparison.Ordinal) : actual != row)
                wrong.Add($"expected {row}\n     got {actual}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Length - 1}:\n{string.Join('\n', wrong.Take(20))}");
    }

    // One row of expected.tsv: file, exit status, records accepted, sha256 of the output, histogram of the tags.
    private static string Outcome(string rules, string log, string name)
    {
        Command command = Command.Run("-f", rules, "-o", "-", log);
        if (command.Exit != 0)
            return $"{name}\t{command.Exit}\t0\t-\t";
        List<FlowRecord> records = Sample.Read(command.Octets).Records;
        IEnumerable<string> tags = records.Where(r => (r.Fields & LogFields.Tag) != 0).GroupBy(r => r.Tag).OrderBy(g => g.Key)
            .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}:{g.Count()}"));
        string sum = Convert.ToHexStringLower(SHA256.HashData(command.Octets));
        return $"{name}\t0\t{records.Count}\t{sum}\t{string.Join(',', tags)}";
    }
}
