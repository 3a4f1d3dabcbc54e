using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace Flowd.Tests;

/// <summary>What flowd takes of disk and memory stays small. Who makes it larger raises the bound here, and knows why.</summary>
public class SizeTests
{
    private const long KiB = 1024;

    public static bool IsX64 { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [Theory]
    [InlineData("flowd", 3000)]
    [InlineData("flowd-worker", 5500)]
    [InlineData("x86-64-v4/flowd-worker", 5500)]
    [InlineData("flowd-reader", 4800)]
    [InlineData("x86-64-v4/flowd-reader", 4800)]
    [InlineData("flowd-tcp", 7800)]
    [InlineData("flowd-metrics", 8800)]
    public void Programs_stay_small(string program, long mostKiB)
    {
        if (program.StartsWith("x86-64", StringComparison.Ordinal) && !IsX64)
            Assert.Skip("needs a processor of that kind");
        long length = new FileInfo(Path.Combine(SharedData.RepositoryRoot, "artifacts", "dist", "bin", program)).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{program}: {length / KiB} KiB");
        Assert.InRange(length, 1, mostKiB * KiB);
    }

    // Proportional shares of all processes, so that what they share counts once.
    [Fact]
    public void All_processes_together_take_little_memory_idle_and_under_load()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        Assert.InRange(MemoryOf(flowd), 1, 12 * KiB);

        using (var stream = new NumberedStream(flowd.Port))
        {
            Thread.Sleep(2000);
            stream.Finish();
        }

        flowd.Until(() => RunningFlowd.ReadLog(flowd.LogPath).Count > 1000, () => "nothing stored", mayEnd: false);
        Assert.InRange(MemoryOf(flowd), 1, 24 * KiB);
    }

    private static long MemoryOf(RunningFlowd flowd) => flowd.Children().Append(flowd.Id).Sum(KiBOf);

    private static long KiBOf(int process)
        => File.ReadLines($"/proc/{process}/smaps_rollup").Where(static line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
