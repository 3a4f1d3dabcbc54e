using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Several workers: every exporter is with one of them, and what was sent is stored once, whatever becomes of the processes.</summary>
public partial class WorkersTests
{
    private const int Exporters = 200;
    private const string Two = "workers 2\nlisten on 127.0.0.1:{port} bufsize 67108864\nstore ALL\n";

    [Fact]
    public void Every_exporter_is_with_one_worker_which_knows_its_templates_and_keeps_its_order()
    {
        const int Rounds = 50;
        using RunningFlowd flowd = RunningFlowd.Start(Two);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        for (int i = 0; i < Rounds; i++)
            exporters.Send();
        List<FlowRecord> records = flowd.WaitForRecords(Exporters * (1 + 2 * Rounds));
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed", times: 2);
        Assert.Equal(0, flowd.Stop());

        Assert.Equal(Exporters * (1 + 2 * Rounds), records.Count);
        foreach (IGrouping<Address, FlowRecord> exporter in records.GroupBy(record => record.AgentAddress))
        {
            Assert.Equal(Enumerable.Range(1, Rounds).Select(i => (uint)i), exporter.Where(record => record.Version == 5).Select(record => record.Sequence));
            Assert.Equal(1 + Rounds, exporter.Count(record => record.Version == 9));
            Assert.Equal(exporter.Where(record => record.Version == 9).Select(record => record.Sequence).Order(), exporter.Where(record => record.Version == 9).Select(record => record.Sequence));
            string[] workers = [.. Regex.Matches(flowd.Messages, $"^worker ([01]): exporter {Regex.Escape(exporter.Key.ToString())}:", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
            Assert.Single(workers);
        }

        Assert.DoesNotContain("sets of unknown template", flowd.Messages, StringComparison.Ordinal);
        Assert.All([0, 1], worker => Assert.InRange(Regex.Count(flowd.Messages, $"^worker {worker}: exporter ", RegexOptions.Multiline), Exporters / 3, 2 * Exporters / 3));
    }

    [Fact]
    public void Signals_under_load_cost_nothing()
    {
        SkipWithoutRoot();
        using RunningFlowd flowd = RunningFlowd.Start(Two);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        for (int i = 1; i <= 10; i++)
        {
            flowd.Signal(i % 2 == 0 ? "HUP" : "USR1");
            exporters.SendFor(TimeSpan.FromMilliseconds(200), perSecond: 30);
        }

        Assert.Equal(0, flowd.Stop());
        AssertAllStored(exporters, RunningFlowd.ReadLog(flowd.LogPath));
    }

    [Fact]
    public void Killed_workers_cost_what_flowd_says_and_templates_survive()
    {
        SkipWithoutRoot();
        const int Kills = 6;
        using RunningFlowd flowd = RunningFlowd.Start(Two);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        for (int i = 1; i <= Kills; i++)
        {
            exporters.SendFor(TimeSpan.FromMilliseconds(400), perSecond: 40);
            Processes.Signal(Workers(flowd)[i % 2], "KILL");
            flowd.WaitFor("ended unexpectedly", times: i);
            exporters.SendFor(TimeSpan.FromMilliseconds(200), perSecond: 40);
            flowd.WaitFor("taken over", times: i);
        }

        Thread.Sleep(500);
        exporters.Send();
        flowd.Until(() => RunningFlowd.ReadLog(flowd.LogPath).Count(record => record.Version == 5 && record.Sequence == exporters.Sent) == Exporters, () => flowd.Messages, mayEnd: false);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed", times: 2);
        Assert.Equal(0, flowd.Stop());

        ToolResult text = Tool.Run(Tool.Published("flowd-reader"), "-c", flowd.LogPath);
        Assert.Equal("", text.Errors); // nothing torn, though two wrote to it
        ulong said = (ulong)Lost().Matches(flowd.Messages).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        List<FlowRecord> records = RunningFlowd.ReadLog(flowd.LogPath);
        (Address, uint)[] stored = [.. records.Where(record => record.Version == 5).Select(record => (record.AgentAddress, record.Sequence))];
        ulong missing = (ulong)Exporters * exporters.Sent - (ulong)stored.Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Exporters * exporters.Sent} sent, {missing} missing, {said} said to be lost");
        Assert.Equal(stored.Length, stored.Distinct().Count());
        Assert.InRange(missing, (ulong)0, said); // a flush that was done, and not yet known to be, counts as lost as well
        Assert.InRange(said - missing, 0ul, Kills * 5000ul);
        Assert.DoesNotContain("sets of unknown template", flowd.Messages, StringComparison.Ordinal);
    }

    // Each command says of what length its file is, which is what counts: one for each, and in all what was sent.
    [Theory]
    [InlineData("")]
    [InlineData(" compress zstd 3")]
    public void A_file_of_a_log_that_rotates_is_finished_once_and_nothing_is_lost(string option)
    {
        SkipWithoutRoot();
        string folder = RunningFlowd.NewFolder();
        string finished = folder + "/finished";
        using RunningFlowd flowd = RunningFlowd.Start(Two + $"logfile \"{folder}/f.%H%M%S\" rotate 1s align{option} exec \"wc -c >> {finished}; true\"\nlogfile \"{folder}/notes\" notes\n", folder);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        exporters.SendFor(TimeSpan.FromSeconds(6), perSecond: 20);
        string[] Files() => Directory.GetFiles(folder, "f.*");
        flowd.Until(() => !Array.Exists(Files(), path => path.EndsWith(".current", StringComparison.Ordinal) && new FileInfo(path).Length > 0), () => flowd.Messages, mayEnd: false);
        Thread.Sleep(1500);
        Assert.Equal(0, flowd.Stop());

        AssertAllStored(exporters, ReadAll(folder, "f.*"));
        string[] full = [.. Files().Where(path => new FileInfo(path).Length > 0)];
        Assert.InRange(full.Length, 6, 10);
        Assert.All(full, path => Assert.Matches("/f\\.[0-9]{6}(\\.zst)?$", path)); // a second file of the same period would have a number
        Assert.Equal(full.Select(path => new FileInfo(path).Length).Order(), File.ReadAllLines(finished).Select(line => long.Parse(line, CultureInfo.InvariantCulture)).Order());
        Assert.DoesNotContain("left unfinished", flowd.Messages, StringComparison.Ordinal);
    }

    // The other one goes on writing to the file that the dead one had, and finishes it.
    [Fact]
    public void A_killed_worker_does_not_keep_files_from_being_finished_whole()
    {
        SkipWithoutRoot();
        string folder = RunningFlowd.NewFolder();
        using RunningFlowd flowd = RunningFlowd.Start(Two + $"logfile \"{folder}/f.%H%M%S\" rotate 1s align\n", folder);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        for (int i = 1; i <= 6; i++)
        {
            exporters.SendFor(TimeSpan.FromMilliseconds(350), perSecond: 40);
            Processes.Signal(Workers(flowd)[i % 2], "KILL");
            exporters.SendFor(TimeSpan.FromMilliseconds(350), perSecond: 40);
            flowd.WaitFor("taken over", times: i);
        }

        flowd.Until(() => !Array.Exists(Directory.GetFiles(folder, "f.*.current"), path => new FileInfo(path).Length > 0), () => flowd.Messages, mayEnd: false);
        Assert.Equal(0, flowd.Stop());
        Assert.InRange(Directory.GetFiles(folder, "f.*").Length, 4, 20);
        foreach (string path in Directory.GetFiles(folder, "f.*").Where(path => new FileInfo(path).Length > 0))
        {
            Assert.Matches("/f\\.[0-9]{6}$", path);
            ToolResult text = Tool.Run(Tool.Published("flowd-reader"), "-q", path);
            Assert.Equal((0, ""), (text.Status, text.Errors));
        }
    }

    [Fact]
    public void A_log_without_rotation_can_be_compressed()
    {
        SkipWithoutRoot();
        using RunningFlowd flowd = RunningFlowd.Start(Two + "logfile \"{dir}/log\" compress zstd 3\n");
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.SendTemplates();
        exporters.SendFor(TimeSpan.FromSeconds(3), perSecond: 30);
        Assert.Equal(0, flowd.Stop());
        AssertAllStored(exporters, ReadAll(flowd.Folder, "log"));
    }

    // Of exporters at whichever worker.
    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    public void State_outlives_flowd_also_with_another_number_of_workers(int before, int after)
    {
        string folder = RunningFlowd.NewFolder();
        string common = $"listen on 127.0.0.1:{{port}}\nlogfile \"{folder}/log\"\nstatefile \"{folder}/state\"\nstore ALL\n";
        using (RunningFlowd flowd = RunningFlowd.Start($"{common}workers {before}"))
        {
            using var exporters = new ManyExporters(Exporters, flowd.Port);
            exporters.SendTemplates();
            exporters.Send(both: false);
            Assert.Equal(Exporters * 2, WaitForLog(flowd, $"{folder}/log", Exporters * 2).Count);
            Assert.Equal(0, flowd.Stop());
        }

        using (RunningFlowd next = RunningFlowd.Start($"{common}workers {after}"))
        {
            using var exporters = new ManyExporters(Exporters, next.Port);
            exporters.Send();
            exporters.Send(both: false);
            Assert.Equal(Exporters * 5, WaitForLog(next, $"{folder}/log", Exporters * 5).Count);
            next.Signal("USR2");
            next.WaitFor("messages suppressed", times: after);
            Assert.Equal(0, next.Stop());
            Assert.Equal(Exporters, Regex.Count(next.Messages, "stream [0-9.]+ version 5 .* 0 flows lost in 0 gaps, 1 out of order")); // each knew where it was
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Metrics_say_which_worker()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Two + "metrics on \"{dir}/metrics\"\n");
        flowd.WaitFor("metrics on");
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.Send(both: false);
        flowd.WaitForRecords(Exporters);

        string text = Get(flowd, "metrics");
        Assert.Equal(Exporters, Values(text, "flowd_log_records_total"));
        Assert.Equal(2, Values(text, "flowd_worker_up"));
        Assert.Equal(0, Values(text, "flowd_worker_restarts_total"));
        Assert.Equal(2, Regex.Count(text, "^flowd_process_resident_memory_bytes\\{role=\"worker\",worker=\"[01]\"\\} [1-9]", RegexOptions.Multiline));
        foreach (IGrouping<string, string> head in text.Split('\n').Where(line => line.StartsWith('#')).GroupBy(line => line))
            Assert.Single(head);
        Assert.Equal("ok\n", Get(flowd, "healthz"));

        Processes.Signal(Workers(flowd)[1], "KILL");
        flowd.WaitFor("worker 1 ended unexpectedly");
        flowd.Until(() => Values(Get(flowd, "metrics"), "flowd_worker_restarts_total") == 1 && Get(flowd, "healthz") == "ok\n", () => "not healthy again", mayEnd: false);
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void The_number_stays_until_flowd_is_started_again()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Two);
        flowd.Reconfigure(Two.Replace("workers 2", "workers 3", StringComparison.Ordinal) + "logfile \"{dir}/log\"\npidfile \"{dir}/pid\"\nstatefile \"{dir}/state\"");
        flowd.WaitFor("workers 3: there are 2, until flowd is started again");
        flowd.WaitFor("the configuration in force stays in force");
        flowd.Send(Exports.Numbered(1));
        Assert.Single(flowd.WaitForRecords(1));
        Assert.Equal(0, flowd.Stop());
    }

    // With SO_REUSEPORT the kernel would let it.
    [Fact]
    public void A_second_flowd_cannot_have_the_address_nor_the_log()
    {
        using RunningFlowd first = RunningFlowd.Start(Two);
        using RunningFlowd second = RunningFlowd.Launch($"workers 2\nlisten on 127.0.0.1:{first.Port}\nstore ALL");
        Assert.Equal(1, second.WaitForExit());
        Assert.Contains("already in use", second.Messages, StringComparison.OrdinalIgnoreCase);
        using RunningFlowd third = RunningFlowd.Launch($"workers 2\nlogfile \"{first.LogPath}\"");
        Assert.Equal(1, third.WaitForExit());
        Assert.Contains("in use by another process", third.Messages, StringComparison.Ordinal);
        using RunningFlowd fourth = RunningFlowd.Launch($"logfile \"{first.LogPath}\"");
        Assert.Equal(1, fourth.WaitForExit());
        Assert.Contains("in use by another process", fourth.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_worker_forwards_and_relays_what_is_its_own()
    {
        using var target = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000, ReceiveBufferSize = 1 << 20 };
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string folder = RunningFlowd.NewFolder();
        using var reader = new Socket(System.Net.Sockets.AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
        reader.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "socket")));
        using RunningFlowd flowd = RunningFlowd.Start(Two + $"forward to 127.0.0.1:{((IPEndPoint)target.LocalEndPoint!).Port}\nlogsock \"{folder}/socket\"\n", folder);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        exporters.Send(both: false);

        byte[] buffer = new byte[65536];
        for (int i = 0; i < Exporters; i++)
            Assert.Equal(72, target.Receive(buffer));
        var seen = new HashSet<Address>();
        for (int i = 0; i < Exporters; i++)
        {
            Assert.Equal(LogError.None, LogRecord.TryRead(buffer.AsSpan(0, reader.Receive(buffer)), out FlowRecord record, out int _));
            Assert.True(seen.Add(record.AgentAddress));
        }

        Assert.Equal(0, flowd.Stop());
    }

    // Who stops one of them does not stop the other, and the end waits for neither for ever.
    [Fact]
    public void One_worker_that_hangs_does_not_keep_the_other_from_storing()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Two);
        using var exporters = new ManyExporters(Exporters, flowd.Port);
        int[] workers = Workers(flowd);
        Processes.Freeze(workers[0]);
        exporters.Send(both: false);
        int stored = 0;
        flowd.Until(() => (stored = RunningFlowd.ReadLog(flowd.LogPath).Count) > Exporters / 3, () => $"{stored} stored", mayEnd: false);
        Processes.Signal(workers[0], "CONT");
        Assert.Equal(Exporters, flowd.WaitForRecords(Exporters).Count);
        Processes.Freeze(workers[0]);
        Assert.Equal(1, flowd.Stop());
        Assert.Contains("worker 0 does not stop: killed", flowd.Messages, StringComparison.Ordinal);
    }

    // A datagram to a group comes to the sockets of all workers.
    [Fact]
    public void What_is_sent_to_a_multicast_group_is_stored_once_by_the_worker_of_its_exporter()
    {
        using RunningFlowd flowd = RunningFlowd.Start("workers 2\nlisten on 0.0.0.0:{port}\njoin group 239.1.1.1 on lo\nstore ALL");
        for (int i = 0; i < 50; i++)
        {
            using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(ManyExporters.AddressOf(i)), 0));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
            socket.SendTo(Exports.NetFlow9, new IPEndPoint(IPAddress.Parse("239.1.1.1"), flowd.Port)); // the template to all
            socket.SendTo(Exports.NetFlow9Data, new IPEndPoint(IPAddress.Loopback, flowd.Port)); // the data to one
        }

        flowd.WaitForRecords(100);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed", times: 2);
        Assert.Equal(0, flowd.Stop());
        Assert.Equal(100, RunningFlowd.ReadLog(flowd.LogPath).Count);
        Assert.Equal(100, Regex.Matches(flowd.Messages, "listener .*: ([0-9]+) datagrams").Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Connections_are_with_the_first_worker()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Two + "listen on 127.0.0.1:{port} tcp\n");
        for (int i = 0; i < 20; i++)
        {
            using var peer = new Peer(flowd.Port, IPAddress.Parse(ManyExporters.AddressOf(i)));
            peer.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        }

        flowd.WaitForRecords(20);
        flowd.WaitForStatistic("worker 0: listener [127.0.0.1]:" + flowd.Port.ToString(CultureInfo.InvariantCulture) + " tcp: 0 connections, 20 so far");
        Assert.DoesNotContain("worker 1: listener [127.0.0.1]:" + flowd.Port.ToString(CultureInfo.InvariantCulture) + " tcp", flowd.Messages, StringComparison.Ordinal);
        Assert.Equal(0, flowd.Stop());
        Assert.Equal(20, RunningFlowd.ReadLog(flowd.LogPath).Count);
    }

    [Fact]
    public void A_socket_that_was_passed_cannot_be_shared()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Launch(
            "listen on 127.0.0.1:{port}\nworkers 2\nstore ALL", folder: null, [.. Script.Python("holder.py", [$"udp,127.0.0.1,{port}"]), "--"], RunningFlowd.Insecure, port);
        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains($"listen on [127.0.0.1]:{port}: the socket was passed to flowd, and one socket cannot be shared by 2 workers", flowd.Messages, StringComparison.Ordinal);
    }

    private static void SkipWithoutRoot()
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root, for a receive buffer that bridges what the test does");
    }

    private static int[] Workers(RunningFlowd flowd)
        => [.. Enumerable.Range(0, 2).Select(i => flowd.Children().Single(id => File.ReadAllText($"/proc/{id}/cmdline").Contains($"--share={i}/2", StringComparison.Ordinal)))];

    private static void AssertAllStored(ManyExporters exporters, List<FlowRecord> records)
    {
        Assert.Equal(Exporters, records.Select(record => record.AgentAddress).Distinct().Count());
        Assert.All(records.GroupBy(record => record.AgentAddress), exporter =>
        {
            Assert.Equal(Enumerable.Range(1, (int)exporters.Sent).Select(i => (uint)i), exporter.Where(record => record.Version == 5).Select(record => record.Sequence));
            Assert.Equal(1 + exporters.Sent, (uint)exporter.Count(record => record.Version == 9));
        });
    }

    private static List<FlowRecord> WaitForLog(RunningFlowd flowd, string path, int count)
    {
        List<FlowRecord> records = [];
        flowd.Until(() => (records = RunningFlowd.ReadLog(path)).Count >= count, () => $"{records.Count} records instead of {count}; messages:\n{flowd.Messages}", mayEnd: false);
        return records;
    }

    // In the order of their names, which is that of time.
    private static List<FlowRecord> ReadAll(string folder, string pattern = "*")
    {
        var records = new List<FlowRecord>();
        foreach (string path in Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            using var reader = new LogReader(file);
            while (reader.TryRead(out FlowRecord record))
                records.Add(record);
        }

        return records;
    }

    // The sum over the workers.
    private static double Values(string text, string name)
        => Regex.Matches(text, $"^{name}\\{{worker=\"[01]\"\\}} ([0-9.]+)$", RegexOptions.Multiline).Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    private static string Get(RunningFlowd flowd, string what)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(System.Net.Sockets.AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(flowd.Folder, "metrics")), cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        using HttpResponseMessage response = client.GetAsync(new Uri("http://any/" + what), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    [GeneratedRegex("stream [0-9.]+ version 5 .*?(\\d+) flows lost")]
    private static partial Regex Lost();
}
