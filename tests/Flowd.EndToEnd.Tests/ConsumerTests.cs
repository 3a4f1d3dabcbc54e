using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Flowd.Tests;

/// <summary>
/// A consumer of the log (tests/Flowd.Consumer) that is killed again and again while flowd writes, rotates and compresses. FLOWD_TEST_KILLS has it
/// killed more often.
/// </summary>
public class ConsumerTests
{
    private const string Done = ".";

    private static readonly int Kills = DurabilityTests.Setting("FLOWD_TEST_KILLS", 40);

    [Theory]
    [InlineData("logfile \"{dir}/logs/log\" compress zstd")]
    [InlineData("logfile \"{dir}/logs/%s\" rotate 1s align compress zstd 3")]
    public void Killed_at_any_moment_it_misses_nothing_and_repeats_nothing_that_it_committed(string line)
    {
        string folder = RunningFlowd.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        string output = Path.Combine(folder, "numbers");
        using RunningFlowd flowd = RunningFlowd.Start($"listen on 127.0.0.1:{{port}} bufsize 16777216\n{line}", folder);
        using var stream = new NumberedStream(flowd.Port, perSecond: 4000);
        var random = new Random(3);
        for (int i = 0; i < Kills; i++)
        {
            using Process consumer = StartConsumer(folder, output);
            Thread.Sleep(random.Next(60, 260));
            Kill(consumer);
            File.AppendAllText(output, "\n"); // ends a line that was cut off
        }

        uint sent = stream.Finish();
        using (Process last = StartConsumer(folder, output))
        {
            WaitWhileItGrows(output);
            Kill(last);
        }

        Assert.Equal(0, flowd.Stop());
        (int seen, int repeated) = Check(File.ReadAllLines(output), sent);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {sent} sent, {seen} seen, {repeated} of them again");
    }

    // What was in a batch of which the commit is known to be done must not come again; all must have come.
    private static (int Seen, int Repeated) Check(string[] lines, uint sent)
    {
        var committed = new HashSet<uint>();
        var seen = new HashSet<uint>();
        int repeated = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            uint[] batch = Parse(lines[i]);
            bool isWhole = i + 1 < lines.Length && lines[i + 1] == Done;
            Assert.DoesNotContain(batch, committed.Contains);
            Assert.Equal(batch.Length, batch.Distinct().Count());
            repeated += batch.Count(number => !seen.Add(number));
            if (isWhole)
                committed.UnionWith(batch);
        }

        Assert.Equal(Enumerable.Range(1, (int)sent).Select(number => (uint)number), seen.Order());
        return (seen.Count, repeated);
    }

    // A consumer that was killed a thousand times has much to catch up with.
    private static void WaitWhileItGrows(string output)
    {
        long length = -1;
        for (int still = 0; still < 30; Thread.Sleep(100))
        {
            long now = new FileInfo(output).Length;
            still = now == length ? still + 1 : 0;
            length = now;
        }
    }

    // A number without its space may be the beginning of one, where a kill came into the write.
    private static uint[] Parse(string line)
        => [.. line[..(line.LastIndexOf(' ') + 1)].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => uint.Parse(number, CultureInfo.InvariantCulture))];

    private static Process StartConsumer(string folder, string output)
    {
        string program = Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", "flowd-consumer", "release", "flowd-consumer");
        return Tool.Start(program, [Path.Combine(folder, "logs"), Path.Combine(folder, "position"), output]);
    }

    private static void Kill(Process process)
    {
        if (process.HasExited)
            Assert.Fail(process.StandardError.ReadToEnd());
        process.Kill();
        process.WaitForExit();
    }
}
