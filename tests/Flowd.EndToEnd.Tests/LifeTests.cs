using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Starting, signals, reloading, stopping, and what goes wrong meanwhile.</summary>
public class LifeTests
{
    [Fact]
    public void Term_and_int_stop_orderly_with_everything_flushed()
    {
        foreach (string signal in (string[])["TERM", "INT"])
        {
            using RunningFlowd flowd = RunningFlowd.Start();
            Assert.Equal(flowd.Id.ToString(CultureInfo.InvariantCulture) + "\n", File.ReadAllText(flowd.PidPath));

            flowd.Send(Enumerable.Range(0, 50).Select(i => Exports.Numbered((uint)i)));
            flowd.Signal(signal);

            Assert.Equal(0, flowd.WaitForExit());
            Assert.Equal(50, RunningFlowd.ReadLog(flowd.LogPath).Count);
            Assert.False(File.Exists(flowd.PidPath));
        }
    }

    [Fact]
    public void Hup_puts_a_new_configuration_in_force_without_losing_a_datagram()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL");
        const int Rounds = 10, InARound = 100;
        for (int round = 0; round < Rounds; round++)
        {
            flowd.Reconfigure($"store ALL\naccept tag {round + 1} all");
            flowd.Send(Enumerable.Range(round * InARound, InARound).Select(i => Exports.Numbered((uint)i)));
        }

        List<FlowRecord> records = flowd.WaitForRecords(Rounds * InARound);
        Assert.Equal(Enumerable.Range(0, Rounds * InARound).Select(i => (uint)i), records.Select(record => record.Sequence));

        // Signals that come while one is obeyed count as one, but the last is never lost.
        flowd.Until(
            () =>
            {
                flowd.Send(Exports.Numbered(5000));
                return RunningFlowd.ReadLog(flowd.LogPath)[^1].Tag == Rounds;
            },
            () => flowd.Messages, mayEnd: false);
    }

    [Fact]
    public void A_bad_configuration_leaves_the_old_one_in_force()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL\naccept tag 5 all");

        flowd.Reconfigure("store ALL\naccept tag 6 all\naccept src nonsense\nlisten on x");
        flowd.WaitFor("the configuration in force stays in force");

        Assert.Contains($"{flowd.ConfigurationPath}:", flowd.Messages, StringComparison.Ordinal);
        Assert.Contains("nonsense", flowd.Messages, StringComparison.Ordinal);
        flowd.Send(Exports.Numbered(1));
        Assert.Equal(5u, Assert.Single(flowd.WaitForRecords(1)).Tag);
    }

    [Fact]
    public void A_socket_that_cannot_be_bound_leaves_the_old_configuration_in_force()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL");

        flowd.Reconfigure("listen on 127.0.0.1:{port}\nlisten on 192.0.2.77:{port}\nstore OCTETS"); // not an address of ours
        flowd.WaitFor("the configuration in force stays in force");

        Assert.Contains("listen on [192.0.2.77]", flowd.Messages, StringComparison.Ordinal);
        flowd.Send(Exports.Numbered(1));
        Assert.True(Assert.Single(flowd.WaitForRecords(1)).Fields.HasFlag(LogFields.SrcAddr4));
    }

    [Fact]
    public void Templates_survive_a_reload()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL");
        byte[] dataOnly = [.. Exports.NetFlow9[..20], .. Exports.NetFlow9[76..]];

        flowd.Send(Exports.NetFlow9);
        flowd.WaitForRecords(1);
        flowd.Reconfigure("store ALL\naccept tag 2 all");
        flowd.WaitFor("the new configuration is in force");
        flowd.Send(dataOnly);

        FlowRecord record = flowd.WaitForRecords(2)[1];
        Assert.Equal("2001:db8::10", record.SourceAddress.ToString());
    }

    [Fact]
    public void Usr1_reopens_the_log_for_rotation()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);

        File.Move(flowd.LogPath, flowd.LogPath + ".0");
        flowd.Signal("USR1");
        flowd.Until(() => File.Exists(flowd.LogPath), () => flowd.Messages, mayEnd: false);
        flowd.Send(Exports.Numbered(2));

        Assert.Equal(2u, Assert.Single(flowd.WaitForRecords(1)).Sequence);
        Assert.Equal(1u, Assert.Single(RunningFlowd.ReadLog(flowd.LogPath + ".0")).Sequence);
    }

    [Fact]
    public void Counters_survive_a_reload()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL\naccept tag 1 all\ndiscard proto icmp");
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        flowd.Reconfigure("store ALL\naccept tag 1 all\ndiscard proto udp");
        flowd.WaitFor("the new configuration is in force");
        flowd.Send(Exports.Numbered(2));
        flowd.WaitForRecords(2);

        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");

        foreach (string expected in (string[])[
            $"listener [127.0.0.1]:{flowd.Port}: 2 datagrams, 144 octets", "exporter 127.0.0.1: version 5, 2 datagrams, 2 records",
            "accept tag 1 all # evaluations 2 matches 2 wins 2", "discard proto udp # evaluations 1 matches 0 wins 0"])
            Assert.Contains(expected, flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Usr2_reports_statistics_for_each_exporter_and_rule()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL\naccept tag 1 src 192.0.2.0/24\ndiscard proto udp");
        flowd.Send(Exports.NetFlow5, Exports.NetFlow9);
        flowd.WaitForRecords(3);

        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");

        foreach (string expected in (string[])[
            $"listener [127.0.0.1]:{flowd.Port}: 2 datagrams", "exporter 127.0.0.1: version 9, 2 datagrams, 4 records, 1 templates",
            "stream 127.0.0.1 version 9 domain ", "1 records, 1 accepted, 0 discarded, 0 datagrams lost in 0 gaps", "3 records, 2 accepted, 1 discarded, 0 flows lost in 0 gaps",
            "accept tag 1 src 192.0.2.0/24 # evaluations 4 matches 2 wins 1", "discard proto udp # evaluations 4 matches 1 wins 1", "log: 3 records"])
            Assert.Contains(expected, flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_in_the_sequence_is_told_once()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        flowd.Send(Exports.Numbered(1), Exports.Numbered(19), Exports.Numbered(30));
        flowd.WaitForRecords(3);

        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");

        Assert.Single(flowd.Messages.Split('\n'), line => line.Contains("missing before", StringComparison.Ordinal));
        Assert.Matches("127.0.0.1 domain [0-9]+: 17 flows missing before sequence 19", flowd.Messages);
        Assert.Contains("27 flows lost in 2 gaps", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_name_exporter_and_domain_and_are_limited()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        byte[] unknown = Hex.Parse("00090001 00000000 00000000 00000001 0000002A", "01900008 00000000");

        flowd.Send(Enumerable.Repeat(unknown, 200));
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);

        Assert.Single(flowd.Messages.Split('\n'), line => line.StartsWith("127.0.0.1 domain 42:", StringComparison.Ordinal));
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed: 199");
    }

    [Fact]
    public void A_worker_that_is_killed_is_replaced_and_nothing_flushed_is_lost()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);

        int worker = Assert.Single(flowd.Children());
        Tool.Run("/bin/kill", "-KILL", worker.ToString(CultureInfo.InvariantCulture));
        flowd.WaitFor("signal 9");
        flowd.Send(Exports.Numbered(2)); // waits in the socket, which the monitor keeps

        Assert.Equal([1u, 2u], flowd.WaitForRecords(2).Select(record => record.Sequence));
    }

    [Fact]
    public void A_worker_whose_monitor_died_ends()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        int worker = Assert.Single(flowd.Children());

        flowd.Signal("KILL");

        flowd.Until(() => !IsRunning(worker.ToString(CultureInfo.InvariantCulture)), () => "the worker lives on", mayEnd: true);
    }

    [Fact]
    public void A_torn_end_is_cut_off_before_anything_is_appended()
    {
        byte[] whole;
        using (RunningFlowd first = RunningFlowd.Start())
        {
            first.Send(Exports.NetFlow5);
            first.WaitForRecords(3);
            whole = File.ReadAllBytes(first.LogPath);
        }

        string folder = RunningFlowd.NewFolder();
        File.WriteAllBytes(Path.Combine(folder, "log"), whole[..^10]);
        using RunningFlowd flowd = RunningFlowd.Start("store ALL", folder);
        flowd.WaitFor("torn record");
        flowd.Send(Exports.Numbered(77));

        Assert.Equal([100u, 100u, 77u], flowd.WaitForRecords(3).Select(record => record.Sequence));
    }

    [Fact]
    public void A_version_2_log_is_refused_and_left_alone()
    {
        string folder = RunningFlowd.NewFolder();
        byte[] old = Hex.Parse("012cf047 00000002 41924e50 00000000");
        File.WriteAllBytes(Path.Combine(folder, "log"), old);

        using RunningFlowd flowd = RunningFlowd.Launch("store ALL", folder);

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains("version 2", flowd.Messages, StringComparison.Ordinal);
        Assert.Equal(old, File.ReadAllBytes(flowd.LogPath));
    }

    [Fact]
    public void A_log_that_cannot_be_opened_is_said_and_ends_the_start()
    {
        using RunningFlowd flowd = RunningFlowd.Launch("logfile \"/nonexistent/log\"\nstore ALL");

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains("/nonexistent/log", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_costs_nothing_while_the_buffer_lasts()
    {
        string folder = RunningFlowd.NewFolder();
        string log = Path.Combine(folder, "log");
        File.CreateSymbolicLink(log, "/dev/full");
        using RunningFlowd flowd = RunningFlowd.Start("store ALL", folder);
        flowd.Send(Enumerable.Range(0, 100).Select(i => Exports.Numbered((uint)i)));
        flowd.WaitFor("octets wait");

        File.Delete(log);
        flowd.Signal("USR1");

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (uint)i), flowd.WaitForRecords(100).Select(record => record.Sequence));
    }

    [Fact]
    public void A_log_that_cannot_be_reopened_is_waited_for()
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(logs);
        using RunningFlowd flowd = RunningFlowd.Start($"logfile \"{logs}/log\"\nstore ALL", folder);
        Directory.Delete(logs, recursive: true);
        flowd.Signal("USR1");
        flowd.WaitFor($"{logs}/log: ");
        for (uint i = 0; i < 20; i++)
        {
            flowd.Send(Exports.Numbered(i)); // traffic goes on all the while
            Thread.Sleep(20);
        }

        Directory.CreateDirectory(logs);

        flowd.Until(() => RunningFlowd.ReadLog(Path.Combine(logs, "log")).Count == 20, () => flowd.Messages, mayEnd: false);
    }

    [Fact]
    public void A_worker_that_is_replaced_waits_for_the_log_too()
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(logs);
        using RunningFlowd flowd = RunningFlowd.Start($"logfile \"{logs}/log\"\nstore ALL", folder);
        Directory.Delete(logs, recursive: true);
        Tool.Run("/bin/kill", "-KILL", Assert.Single(flowd.Children()).ToString(CultureInfo.InvariantCulture));
        flowd.WaitFor($"{logs}/log: ");
        flowd.Send(Exports.Numbered(1));

        Directory.CreateDirectory(logs);

        flowd.Until(() => RunningFlowd.ReadLog(Path.Combine(logs, "log")).Count == 1, () => flowd.Messages, mayEnd: false);
    }

    [Fact]
    public void A_worker_that_cannot_be_started_again_yet_is_waited_for()
    {
        string folder = RunningFlowd.NewFolder();
        foreach (string program in (string[])["flowd", "flowd-worker"])
            File.Copy(Tool.Published(program), Path.Combine(folder, program));
        string worker = Path.Combine(folder, "flowd-worker");
        using RunningFlowd flowd = RunningFlowd.StartUnder(RunningFlowd.Instead(Path.Combine(folder, "flowd")));

        File.Move(worker, worker + ".old"); // as in the middle of an installation
        flowd.Signal("HUP");
        flowd.WaitFor("the configuration in force stays in force");
        Tool.Run("/bin/kill", "-KILL", Assert.Single(flowd.Children()).ToString(CultureInfo.InvariantCulture));
        flowd.WaitFor("starting another", times: 2);
        flowd.Send(Exports.Numbered(7));
        File.Move(worker + ".old", worker);

        Assert.Equal(7u, Assert.Single(flowd.WaitForRecords(1)).Sequence);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_log_may_have_the_longest_path_of_the_system()
    {
        string folder = RunningFlowd.NewFolder();
        string deep = Path.Combine([folder, .. Enumerable.Repeat(new string('d', 200), 18)]);
        Directory.CreateDirectory(deep);
        using RunningFlowd flowd = RunningFlowd.Start($"logfile \"{deep}/log\"\nstore ALL", folder);

        flowd.Send(Exports.Numbered(1));

        flowd.Until(() => RunningFlowd.ReadLog($"{deep}/log").Count == 1, () => flowd.Messages, mayEnd: false);
    }

    [Fact]
    public void A_limit_on_the_size_of_files_is_like_a_full_disk()
    {
        using RunningFlowd flowd = RunningFlowd.StartUnder(["/bin/sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"]); // 8 blocks: 4 or 8 KiB
        flowd.Send(Enumerable.Range(0, 200).Select(i => Exports.Numbered((uint)i)));
        flowd.WaitFor("octets wait");

        File.Move(flowd.LogPath, flowd.LogPath + ".0");
        flowd.Signal("USR1");
        flowd.WaitForRecords(1);

        List<FlowRecord> first = RunningFlowd.ReadLog(flowd.LogPath + ".0");
        Assert.InRange(first.Count, 30, 199); // what fits is there
        Assert.Equal((uint)first.Count, RunningFlowd.ReadLog(flowd.LogPath)[0].Sequence); // and the rest goes on behind it
    }

    [Fact]
    public void A_pipe_that_nobody_reads_does_not_stop_the_worker()
    {
        string folder = RunningFlowd.NewFolder();
        string log = Path.Combine(folder, "log");
        Tool.Run("/usr/bin/mkfifo", log);
        using RunningFlowd flowd = RunningFlowd.Start("store ALL", folder);
        for (uint i = 0; i < 2000; i++)
        {
            flowd.Send(Exports.Numbered(i));
            if (i % 100 == 0)
                Thread.Sleep(10); // no more at once than a kernel's buffer of the usual size takes
        }

        flowd.WaitFor("octets wait");
        flowd.WaitForStatistic("log: 2000 records");

        Assert.Equal(1, flowd.Stop());
        Assert.Contains("octets of records lost", flowd.Messages, StringComparison.Ordinal);
    }

    // The flood goes on until the end; each datagram makes 8,192 records.
    [Fact]
    public void A_flood_neither_overflows_the_buffer_nor_keeps_it_from_stopping()
    {
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port} bufsize 67108864\nlogfile \"/dev/null\"\nstore ALL");
        byte[] flood = [.. Hex.Parse("00090002 00000000 00000000 00000001 0000002A", "0000000C 0100 0001 00040001", "0100EA64"), .. new byte[60_000]];
        using var source = new CancellationTokenSource();

        Thread[] senders = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Flood))];
        foreach (Thread sender in senders)
            sender.Start();
        Thread.Sleep(1000);

        int status = flowd.Stop();
        source.Cancel();
        foreach (Thread sender in senders)
            sender.Join();

        Assert.Equal(0, status);
        Assert.DoesNotContain("records lost", flowd.Messages, StringComparison.Ordinal);

        void Flood()
        {
            while (!source.IsCancellationRequested)
                flowd.Send(Enumerable.Repeat(flood, 100));
        }
    }

    [Fact]
    public void Reloading_leaks_no_descriptor()
    {
        using RunningFlowd flowd = RunningFlowd.Start("forward to 127.0.0.1:9\nstore ALL");
        Dictionary<string, int> Count() => flowd.Children().Append(flowd.Id)
            .ToDictionary(id => id == flowd.Id ? "monitor" : "worker", id => RunningFlowd.DescriptorsOf(id).Count);

        void Reload(uint sequence, int records)
        {
            flowd.Reconfigure("forward to 127.0.0.1:9\nstore ALL");
            flowd.WaitFor("the new configuration is in force", times: records);
            flowd.Send(Exports.Numbered(sequence));
            flowd.WaitForRecords(records);
        }

        Reload(1, 1);
        Thread.Sleep(300);
        Dictionary<string, int> before = Count();
        for (int i = 2; i < 12; i++)
            Reload((uint)i, i);
        Thread.Sleep(300);

        Assert.Equal(before, Count());
    }

    [Fact]
    public void In_the_background_it_returns_when_it_is_ready()
    {
        string folder = RunningFlowd.NewFolder();
        int port = FreePort.Take();
        string configuration = Path.Combine(folder, "flowd.conf");
        File.WriteAllText(configuration, $"listen on 127.0.0.1:{port}\nlogfile \"{folder}/log\"\npidfile \"{folder}/pid\"\nstatefile \"{folder}/state\"\nstore ALL\n");
        string[] command = [.. RunningFlowd.Insecure, "-f", Path.GetRelativePath(Environment.CurrentDirectory, configuration)];

        ToolResult start = Tool.Run(Tool.Published("flowd"), command);
        Assert.Equal(0, start.Status);
        string id = File.ReadAllText(Path.Combine(folder, "pid")).Trim();
        Assert.Equal("/", new DirectoryInfo($"/proc/{id}/cwd").LinkTarget);
        ToolResult again = Tool.Run(Tool.Published("flowd"), command);
        Tool.Run("/bin/kill", "-TERM", id);
        for (int i = 0; i < 500 && IsRunning(id); i++)
            Thread.Sleep(20);

        Assert.Equal(1, again.Status);
        Assert.Contains($"another flowd runs, process {id}", again.Errors, StringComparison.Ordinal);
        Assert.False(IsRunning(id));
        Assert.False(File.Exists(Path.Combine(folder, "pid")));
        Directory.Delete(folder, recursive: true);
    }

    // Where nobody reaps what has lost its parent, as in some containers, the dead stay listed.
    private static bool IsRunning(string id)
    {
        string status = $"/proc/{id}/stat";
        return File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
    }
}
