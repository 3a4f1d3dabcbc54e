using System;
using System.Linq;
using Flowd.Platform;

namespace Flowd.Tests;

public class ProcessStatusTests
{
    private const string Sample = """
        Name:	flowd-worker
        Uid:	61234	61234	61234	61234
        Gid:	1	2	3	4
        Groups:	7 8 
        CapInh:	0000000000000000
        CapPrm:	0000000000000001
        CapEff:	0000000000000002
        CapBnd:	000001ffffffffff
        CapAmb:	8000000000000000
        NoNewPrivs:	1
        Seccomp:	2
        """;

    [Fact]
    public void Reads_what_the_kernel_says()
    {
        ProcessStatus status = Parse(Sample)!;

        Assert.Equal([61234, 61234, 61234, 61234], status.Uid);
        Assert.Equal([1, 2, 3, 4], status.Gid);
        Assert.Equal([7, 8], status.Groups);
        Assert.Equal<ulong>([0, 1, 2, 0x1FF_FFFF_FFFF, 0x8000_0000_0000_0000], [status.CapInh, status.CapPrm, status.CapEff, status.CapBnd, status.CapAmb]);
        Assert.True(status.NoNewPrivs);
        Assert.Equal(2, status.Seccomp);
    }

    [Theory]
    [InlineData("Uid:	61234	61234	61234	61234", "")]
    [InlineData("Gid:	1	2	3	4", "Gid:	1	2	3")]
    [InlineData("Groups:	7 8", "Groups:	seven")]
    [InlineData("CapEff:	0000000000000002", "CapEff:	10000000000000002")]
    [InlineData("Seccomp:	2", "Seccomp:	")]
    public void What_is_not_as_it_should_be_is_nothing(string line, string instead)
        => Assert.Null(Parse(Sample.Replace(line, instead, StringComparison.Ordinal)));

    [Fact]
    public void This_process_has_threads()
    {
        var threads = ProcessStatus.OfThreads(Environment.ProcessId);

        Assert.Contains(threads, thread => thread.ThreadId == Environment.ProcessId);
        Assert.All(threads, thread => Assert.False(thread.NoNewPrivs && thread.Uid.Count != 4));
    }

    [Fact]
    public void A_process_that_is_not_there_has_none() => Assert.Empty(ProcessStatus.OfThreads(int.MaxValue));

    private static ProcessStatus? Parse(string text) => ProcessStatus.TryParse(1, text.Split('\n').AsEnumerable());
}
