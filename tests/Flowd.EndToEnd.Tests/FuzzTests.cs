using System;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>
/// The decoder under fire (tests/Flowd.Fuzz): the corpus in the tree, made datagrams, and afl-fuzz, which sees what its input reaches. FLOWD_TEST_FUZZ is
/// for how many seconds each; a minute, if it is not set.
/// </summary>
public class FuzzTests
{
    private static readonly int Seconds = DurabilityTests.Setting("FLOWD_TEST_FUZZ", 60);
    private static readonly string Tests = Path.Combine(SharedData.RepositoryRoot, "tests", "Flowd.Fuzz", "corpus");

    [Fact]
    public void Nothing_in_the_corpus_breaks_an_invariant()
    {
        ToolResult result = Tool.Run(Program(), "run", Tests);
        Assert.True(result.Status == 0, result.Errors);
        Assert.Equal($"{Directory.GetFiles(Tests).Length} files", result.Lines.Single());
    }

    [Fact]
    public void Made_datagrams_of_every_protocol_break_no_invariant()
    {
        ToolResult result = Tool.RunFor(TimeSpan.FromSeconds(Seconds + 60), Program(), "make", "all", Seconds.ToString(null as IFormatProvider));
        Assert.True(result.Status == 0, result.Errors);
        Assert.Equal(["fixed", "ipfix", "netflow9", "sflow"], result.Lines.Select(line => line.Split(':')[0]).Order());
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
    }

    [Fact]
    public void What_afl_makes_of_the_corpus_breaks_no_invariant()
    {
        Tool.Installed("afl-fuzz");
        string folder = RunningFlowd.NewFolder();
        ToolResult result = Tool.RunFor(
            TimeSpan.FromSeconds(Seconds + 180), Path.Combine(SharedData.RepositoryRoot, "scripts", "fuzz"), Seconds.ToString(null as IFormatProvider), folder);
        Assert.True(result.Status == 0, result.Output + result.Errors);
        Assert.Contains("execs_done", result.Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
    }

    private static string Program() => Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", "flowd-fuzz", "release", "flowd-fuzz");
}
