using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Clocks are set, and summer ends: every flow stays in one file, and every file keeps its name.</summary>
public class ClockTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" compress zstd")]
    public void A_clock_that_jumps_loses_nothing(string option)
    {
        using var clock = new TurnedClock("UTC");
        clock.Set("2026-05-01T12:00:00Z");
        string[] files = Collect(clock, "rotate 1s align" + option, "%Y%m%d-%H%M%S", ["2026-05-01T13:30:00Z", "2026-05-01T10:10:00Z", "2027-01-01T00:00:00Z", "2026-05-01T11:00:00Z", "2026-05-01T10:59:30Z"]);

        foreach (string hour in (string[])["20260501-12", "20260501-13", "20260501-10", "20270101-00", "20260501-11"])
            Assert.Contains(files, name => name.StartsWith(hour, StringComparison.Ordinal));
    }

    // The hour from two to three comes twice: its files have the same names, so the later ones get a number.
    [Fact]
    public void An_hour_that_comes_twice_has_two_files()
    {
        using var clock = new TurnedClock("Europe/Berlin");
        clock.Set("2026-10-25T00:09:58Z"); // 02:09:58
        string[] files = Collect(clock, "rotate 10m align", "%Y%m%d-%H%M", ["2026-10-25T00:59:59Z", "2026-10-25T01:09:59Z", "2026-10-25T01:19:59Z"]);

        Assert.Equal(["20261025-0200", "20261025-0200.1", "20261025-0210", "20261025-0210.1", "20261025-0220", "20261025-0250"], files);
    }

    [Fact]
    public void An_hour_that_is_left_out_is_left_out()
    {
        using var clock = new TurnedClock("Europe/Berlin");
        clock.Set("2026-03-29T00:59:58Z"); // 01:59:58

        Assert.Equal(["20260329-0100", "20260329-0300"], Collect(clock, "rotate 1h align", "%Y%m%d-%H%M", []));
    }

    // One and a half seconds at each time; the names of the finished files, without what the compression adds to them.
    private static string[] Collect(TurnedClock clock, string options, string pattern, string[] times)
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(logs);
        uint sent;
        using (RunningFlowd flowd = RunningFlowd.Launch($"listen on 127.0.0.1:{{port}} bufsize 16777216\nlogfile \"{logs}/{pattern}\" {options}", folder, clock.Wrapper, RunningFlowd.Insecure))
        {
            flowd.WaitFor("listening on");
            using var stream = new NumberedStream(flowd.Port, perSecond: 2000);
            Thread.Sleep(3000);
            foreach (string time in times)
            {
                clock.Set(time);
                Thread.Sleep(2000);
            }

            sent = stream.Finish();
            Thread.Sleep(1500);
            Assert.Equal(0, flowd.Stop());
            string[] files = [.. Directory.GetFiles(logs).Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))];
            Assert.Equal(Enumerable.Range(1, (int)sent).Select(number => (uint)number), StoredSequences.In(logs).Order());
            return [.. files.Where(path => new FileInfo(path).Length > 0).Select(Name).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    private static string Name(string path)
        => Path.GetFileName(path).Replace(".current", "", StringComparison.Ordinal).Replace(".zst", "", StringComparison.Ordinal);
}
