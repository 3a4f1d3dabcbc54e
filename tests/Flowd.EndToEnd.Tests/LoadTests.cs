using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Signals and kills under a steady stream of numbered datagrams: what was sent is stored, once; what a kill costs is known to the datagram. Root
/// only, because a receive buffer that bridges a restart takes a right.
/// </summary>
public partial class LoadTests
{
    [Theory]
    [InlineData("HUP", "the new configuration is in force")]
    [InlineData("USR1", "log reopen requested")]
    public void Signals_under_load_cost_nothing(string signal, string message)
    {
        using RunningFlowd flowd = StartForLoad();
        using var stream = new NumberedStream(flowd.Port);

        for (int i = 1; i <= 20; i++)
        {
            flowd.Signal(signal);
            flowd.WaitFor(message, times: i);
            Thread.Sleep(50);
        }

        uint sent = stream.Finish();
        Assert.Equal(0, flowd.Stop());
        List<FlowRecord> records = RunningFlowd.ReadLog(flowd.LogPath);
        Assert.Equal(sent, (uint)records.Count);
        Assert.Equal(sent, (uint)records.Select(record => record.Sequence).Distinct().Count());
    }

    // What a worker has taken and not written: 256 KiB of log, and a ring of datagrams with one record each.
    private const int MostUnwritten = (256 << 10) / 116 + 64;

    // A large buffer bridges the time without a worker, and next to nothing is lost; a small one does not, and much is.
    [Theory]
    [InlineData(64 << 20)]
    [InlineData(256 << 10)]
    public void Killed_workers_cost_what_flowd_says_and_templates_survive(int buffer)
    {
        using RunningFlowd flowd = StartForLoad(buffer);
        flowd.Send(Exports.NetFlow9);
        flowd.WaitForRecords(1);
        using var stream = new NumberedStream(flowd.Port);

        for (int i = 1; i <= 5; i++)
        {
            int worker = Assert.Single(flowd.Children());
            Thread.Sleep(300);
            Tool.Run("/bin/kill", "-KILL", worker.ToString(CultureInfo.InvariantCulture));
            flowd.WaitFor("taken over", times: i);
            flowd.Send(Exports.NetFlow9Data);
        }

        Thread.Sleep(300);
        uint sent = stream.Finish();
        Thread.Sleep(500); // an exporter sends on for ever: what is missing before a last datagram is missed
        flowd.Send(Exports.Numbered(sent + 1));
        flowd.Until(() => RunningFlowd.ReadLog(flowd.LogPath)[^1].Sequence == sent + 1, () => "the last record is not in the log", mayEnd: false);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");
        Assert.Equal(0, flowd.Stop());

        List<FlowRecord> records = RunningFlowd.ReadLog(flowd.LogPath);
        uint[] stored = [.. records.Where(record => record.Version == 5).Select(record => record.Sequence)];
        ulong lost = ulong.Parse(Lost().Match(flowd.Messages).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(stored.Length, stored.Distinct().Count());
        if (buffer > 1 << 20) // a small one may have had no room for them either
            Assert.Equal(1 + 5, records.Count(record => record.Version == 9)); // each data set was decoded without its template coming again
        Assert.Equal(buffer < 1 << 20, lost > 5 * MostUnwritten);
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent + 1} sent, {stored.Length} stored, {lost} lost");
        if (flowd.Messages.Contains("torn record", StringComparison.Ordinal)) // killed in the middle of a write: what is whole of it stays, and counts as lost as well
            Assert.InRange((ulong)stored.Length + lost, sent + 1, sent + 1 + 5000);
        else
            Assert.Equal(sent + 1, (ulong)stored.Length + lost);
    }

    private static RunningFlowd StartForLoad(int buffer = 64 << 20)
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        return RunningFlowd.Start("listen on 127.0.0.1:{port} bufsize " + buffer.ToString(CultureInfo.InvariantCulture) + "\nstore ALL");
    }

    // "exporter 127.0.0.1 ... version 5 ...: ..., lost 123 flows": the line of the one v5 stream.
    [GeneratedRegex("version 5 .*?(\\d+) flows lost")]
    private static partial Regex Lost();
}
