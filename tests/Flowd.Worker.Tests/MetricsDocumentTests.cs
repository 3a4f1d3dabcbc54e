using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Flowd.Receive.Sessions;
using Flowd.Worker.Metrics;

namespace Flowd.Tests;

/// <summary>docs/metrics.md: its table is the table of the program, and what it shows works.</summary>
public partial class MetricsDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "metrics.md"));

    [Fact]
    public void The_page_names_every_family_and_no_other()
        => Assert.Equal(
            MetricFamilies.All.Select(family => (family.Name, family.Type == MetricType.Counter ? "counter" : "gauge", family.Help)),
            RowsOf("Families").Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[4].Value)));

    [Fact]
    public void The_page_names_the_labels()
    {
        using var worker = new SmallWorker("listen on 127.0.0.1:2055 bufsize 65536\nlisten on 127.0.0.1:4739 tcp\nforward to 127.0.0.1:9\nlogfile \"/log\"\naccept all\n");
        worker.Receive(Exports.NetFlow9);
        worker.Receive(Exports.NetFlow9.AsSpan(0, 30)); // so that there are errors
        worker.Tell(line: 1, new SessionEvent(SessionEventKind.Ended, SessionEnd.TooSlow, 1, 0, default));
        Dictionary<string, string> expected = RowsOf("Families").ToDictionary(row => row.Groups[1].Value, row => row.Groups[3].Value.Trim());

        Exposition read = Exposition.Read(worker.Text());

        Assert.All(read.Samples, sample => Assert.Equal(expected[sample.Name], string.Join(", ", sample.Labels.Keys)));
        Assert.Equal(expected.Keys, read.Samples.Select(sample => sample.Name).Distinct());
    }

    [Fact]
    public void Alerts_are_about_families_that_there_are()
    {
        IEnumerable<string> known = RowsOf("Families").Concat(RowsOf("Added by the monitor")).Select(row => row.Groups[1].Value);
        IEnumerable<string> used = Name().Matches(ExampleOf("Alerts")).Select(match => match.Value);

        Assert.NotEmpty(used);
        Assert.Empty(used.Except(known));
    }

    [Theory]
    [InlineData("Scraping", "config")]
    [InlineData("Alerts", "rules")]
    public void Promtool_accepts_the_examples(string section, string kind)
    {
        string promtool = Tool.Installed("promtool");
        string file = Path.GetTempFileName();
        File.WriteAllText(file, ExampleOf(section));

        ToolResult result = Tool.Run(promtool, "check", kind, file);

        File.Delete(file);
        Assert.True(result.Status == 0, result.Output + result.Errors);
    }

    private static string SectionOf(string title)
        => Page.Split("\n## ").Single(section => section.StartsWith(title + "\n", StringComparison.Ordinal));

    private static MatchCollection RowsOf(string title) => Row().Matches(SectionOf(title));

    private static string ExampleOf(string title) => Fenced().Match(SectionOf(title)).Groups[1].Value;

    [GeneratedRegex(@"^\| `(flowd_[a-z_]+)` \| ([a-z]+) \| (.*?)\| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"flowd_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
