using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace Flowd.Tests;

/// <summary>The end, in time and on the disk, whatever else goes on; and signals that are obeyed while something hangs.</summary>
public class StopTests
{
    [Fact]
    public void A_flood_does_not_put_the_end_off()
    {
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port} bufsize 8388608\nstore ALL");
        using var source = new CancellationTokenSource();
        byte[][] burst = [.. Enumerable.Range(0, 200).Select(i => Exports.Numbered((uint)i))];
        var sender = new Thread(() =>
        {
            while (!source.IsCancellationRequested)
                flowd.Send(burst);
        });
        sender.Start();
        flowd.WaitForRecords(10_000);

        var watch = Stopwatch.StartNew();
        int status = flowd.Stop();
        watch.Stop();
        source.Cancel();
        sender.Join();

        Assert.Equal(0, status);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_log_is_on_the_disk_before_the_end()
    {
        string folder = RunningFlowd.NewFolder();
        string trace = Path.Combine(folder, "trace");
        string[] wrapper = [Tool.Installed("strace"), "-f", "-y", "-o", trace, "-e", "trace=fsync,pwrite64,write"];
        using RunningFlowd flowd = RunningFlowd.Launch("store ALL", folder, wrapper, [.. RunningFlowd.Insecure, "-X", "NOSANDBOX"]);
        flowd.WaitFor("listening on");
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        Processes.Signal(Assert.Single(flowd.Children()), "TERM"); // the child of strace

        Assert.Equal(0, flowd.WaitForExit());
        string[] calls = File.ReadAllLines(trace);
        int written = Last("write");
        Assert.InRange(written, 0, Last("fsync(") - 1);

        int Last(string call) => Array.FindLastIndex(calls, line => Has(line, call) && Has(line, $"<{flowd.LogPath}>"));
        bool Has(string line, string text) => line.Contains(text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_term_does_not_wait_for_a_worker_that_hangs()
    {
        using var manager = new DatagramInbox($"@flowd-stop-{Environment.ProcessId}");
        using RunningFlowd flowd = RunningFlowd.StartUnder(["/usr/bin/env", $"NOTIFY_SOCKET={manager.Name}"]);
        int worker = Assert.Single(flowd.Children());
        Processes.Freeze(worker);

        flowd.Signal("TERM");
        manager.WaitFor("STOPPING=1");
        var watch = Stopwatch.StartNew();
        flowd.Signal("TERM");

        Assert.Equal(1, flowd.WaitForExit());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Processes.WaitForEnd(worker);
    }

    [Fact]
    public void A_worker_that_hangs_is_killed_after_five_seconds()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        int worker = Assert.Single(flowd.Children());
        Processes.Freeze(worker);

        Assert.Equal(1, flowd.Stop());

        Assert.Contains("the worker does not stop: killed", flowd.Messages, StringComparison.Ordinal);
        Processes.WaitForEnd(worker);
        Assert.False(File.Exists(flowd.PidPath));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Signals_are_obeyed_while_a_parser_hangs(bool isHeld)
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        File.Delete(flowd.ConfigurationPath);
        Tool.Run(Tool.Installed("mkfifo"), flowd.ConfigurationPath);
        flowd.Signal("HUP");
        using FileStream? writer = isHeld ? new FileStream(flowd.ConfigurationPath, FileMode.Open, FileAccess.Write) : null;
        int[] children = [];
        flowd.Until(() => (children = flowd.Children()).Length == 2, () => "no parser", mayEnd: false);

        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");
        flowd.Signal("HUP");
        flowd.WaitFor("reconfiguration requested", times: 2);
        Assert.Equal(children.Order(), flowd.Children().Order()); // the second one waits for the first

        Assert.Equal(0, flowd.Stop());
        foreach (int child in children)
            Processes.WaitForEnd(child);
    }

    [Fact]
    public void Term_ends_a_start_that_hangs()
    {
        string folder = RunningFlowd.NewFolder();
        string fifo = Path.Combine(folder, "fifo");
        Tool.Run(Tool.Installed("mkfifo"), fifo);
        using Process flowd = Tool.Start(Tool.Published("flowd"), ["-g", .. RunningFlowd.Insecure, "-f", fifo]);
        using (new FileStream(fifo, FileMode.Open, FileAccess.Write)) // returns when somebody reads
            Processes.Signal(flowd.Id, "TERM");

        Assert.True(flowd.WaitForExit(TimeSpan.FromSeconds(5)));
        Directory.Delete(folder, recursive: true);
    }
}
