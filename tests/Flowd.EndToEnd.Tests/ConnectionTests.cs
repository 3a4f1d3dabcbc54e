using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>IPFIX over TCP, as exporters speak it, and what becomes of connections when flowd's processes change.</summary>
public class ConnectionTests
{
    private const string Tcp = "listen on 127.0.0.1:{port} tcp\nstore ALL\n";

    [Fact]
    public void Messages_are_stored_however_they_are_cut()
    {
        const int Flows = 100;
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        byte[] all = [.. IpfixMessages.Template(), .. Enumerable.Range(1, Flows).SelectMany(i => IpfixMessages.Flow((uint)i))];
        using (var atOnce = new Peer(flowd.Port))
            atOnce.Send(all);
        using (var octetByOctet = new Peer(flowd.Port, IPAddress.Parse("127.0.0.2")))
            octetByOctet.Send([.. all.Select(octet => (byte[])[octet])]);

        List<FlowRecord> records = flowd.WaitForRecords(2 * Flows);
        foreach (string exporter in (string[])["127.0.0.1", "127.0.0.2"])
        {
            Assert.Equal(
                Enumerable.Range(1, Flows).Select(i => (uint)i),
                records.Where(record => record.AgentAddress.ToString() == exporter).Select(record => record.Sequence));
        }

        flowd.WaitForStatistic("2 so far; 2 closed by the exporter");
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void A_message_of_the_greatest_length_comes_through()
    {
        const int RecordLength = 29, Records = (65_535 - 20) / RecordLength;
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        byte[] record = IpfixMessages.Flow(1)[20..];
        byte[] message = IpfixMessages.Message(1, 9, IpfixMessages.TemplateId, [.. Enumerable.Repeat(record, Records).SelectMany(octet => octet), .. new byte[(65_535 - 20) % RecordLength]]);
        Assert.Equal(65_535, message.Length);
        using var peer = new Peer(flowd.Port);
        peer.Send(IpfixMessages.Template(), message, IpfixMessages.Flow(2));

        Assert.Equal(2u, flowd.WaitForRecords(Records + 1)[^1].Sequence);
    }

    [Fact]
    public void Each_connection_has_templates_of_its_own()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        using var one = new Peer(flowd.Port);
        using var other = new Peer(flowd.Port);
        one.Send(IpfixMessages.Template());
        other.Send(IpfixMessages.Template(isReversed: true));
        for (uint i = 1; i <= 20; i++)
        {
            one.Send(IpfixMessages.Flow(i, packets: 1));
            other.Send(IpfixMessages.Flow(i, packets: 2, isReversed: true));
        }

        List<FlowRecord> records = flowd.WaitForRecords(40);
        Assert.All(records, record => Assert.Equal("192.0.2.1", record.SourceAddress.ToString()));
        Assert.Equal(20, records.Count(record => record.Packets == 1));
        Assert.Equal(20, records.Count(record => record.Packets == 2));
        flowd.WaitForStatistic("0 records lost in 0 gaps"); // nor are their sequences one
    }

    [Fact]
    public void Templates_end_with_their_connection()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        using (var first = new Peer(flowd.Port))
            first.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        flowd.WaitForRecords(1);
        using var second = new Peer(flowd.Port);
        second.Send(IpfixMessages.Flow(1));
        flowd.WaitFor("data set without a template");

        flowd.WaitForStatistic("1 records, 0 templates");
        Assert.Single(RunningFlowd.ReadLog(flowd.LogPath));
    }

    [Fact]
    public void A_worker_that_is_replaced_knows_the_templates_of_connections_that_stay()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        using var peer = new Peer(flowd.Port);
        peer.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        flowd.WaitForRecords(1);
        Thread.Sleep(100); // some ms after a template came it is saved

        Processes.Signal(flowd.ChildOf("worker"), "KILL");
        flowd.WaitFor("starting another");
        peer.Send(IpfixMessages.Flow(2));

        Assert.Equal([1u, 2u], flowd.WaitForRecords(2).Select(record => record.Sequence));
    }

    [Fact]
    public void A_process_that_takes_connections_is_replaced_and_exporters_connect_again()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        using var before = new Peer(flowd.Port);
        before.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        flowd.WaitForRecords(1);
        Processes.Signal(flowd.ChildOf("tcp"), "KILL");
        flowd.WaitFor("the process that takes connections failed (signal 9");
        Assert.True(before.IsClosed());

        using var after = new Peer(flowd.Port); // it waits in the kernel until there is a process again
        after.Send(IpfixMessages.Template(), IpfixMessages.Flow(2));

        Assert.Equal([1u, 2u], flowd.WaitForRecords(2).Select(record => record.Sequence));
        flowd.WaitForStatistic("2 records, 1 templates"); // that of the connection that is gone has gone too
    }

    [Fact]
    public void A_reload_leaves_connections_alone_unless_their_line_goes()
    {
        int other = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Start(Tcp + $"listen on 127.0.0.1:{other} tcp\n");
        using var stays = new Peer(flowd.Port);
        using var goes = new Peer(other);
        stays.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));
        goes.Send(IpfixMessages.Template(), IpfixMessages.Flow(2));
        flowd.WaitForRecords(2);

        flowd.Reconfigure("listen on 127.0.0.1:{port}\n" + Tcp + "discard dst 10.0.0.0/8\n");
        flowd.WaitFor("the new configuration is in force");
        Assert.True(goes.IsClosed());
        stays.Send(IpfixMessages.Flow(3));
        flowd.Send(Exports.Numbered(4)); // by UDP, at the same port

        Assert.Equal([1u, 2u, 3u, 4u], flowd.WaitForRecords(4).Select(record => record.Sequence).Order());
        Assert.False(stays.IsClosed(TimeSpan.Zero));

        flowd.Reconfigure(Tcp + "flow source 192.0.2.0/24\n");
        flowd.WaitFor("the new configuration is in force", times: 2);
        Assert.True(stays.IsClosed());
    }

    [Fact]
    public void While_the_worker_does_nothing_exporters_wait_and_nothing_is_lost()
    {
        const int Messages = 200_000;
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port} tcp bufsize 262144\nstore ALL\n");
        using var peer = new Peer(flowd.Port);
        peer.Send(IpfixMessages.Template());
        int worker = flowd.ChildOf("worker");
        Processes.Freeze(worker);
        int sent = 0;
        var sender = new Thread(() =>
        {
            for (; sent < Messages; sent++)
                peer.Send(IpfixMessages.Flow((uint)sent));
        });
        sender.Start();
        while (sent == 0 || !HasStopped(() => sent))
            Assert.True(sender.IsAlive, "nobody waits");

        Processes.Signal(worker, "CONT");
        sender.Join();
        List<FlowRecord> records = flowd.WaitForRecords(Messages);
        Assert.Equal(Enumerable.Range(0, Messages).Select(i => (uint)i), records.Select(record => record.Sequence));
    }

    [Fact]
    public void What_was_sent_before_the_end_is_stored()
    {
        const int Messages = 20_000;
        using RunningFlowd flowd = RunningFlowd.Start(Tcp);
        using var peer = new Peer(flowd.Port);
        peer.Send(IpfixMessages.Template());
        peer.Send([.. Enumerable.Range(0, Messages).SelectMany(i => IpfixMessages.Flow((uint)i))]);

        Assert.Equal(0, flowd.Stop());

        Assert.Equal(Messages, RunningFlowd.ReadLog(flowd.LogPath).Count);
        Assert.True(peer.IsClosed());
    }

    [Fact]
    public void Who_is_no_source_is_turned_away()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Tcp + "flow source 127.0.0.2\n");
        using var stranger = new Peer(flowd.Port);
        Assert.True(stranger.IsClosed());
        using var known = new Peer(flowd.Port, IPAddress.Parse("127.0.0.2"));
        known.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));

        Assert.Equal("127.0.0.2", Assert.Single(flowd.WaitForRecords(1)).AgentAddress.ToString());
        flowd.WaitFor("127.0.0.1: connection refused: not a flow source");
    }

    [Fact]
    public void A_listening_socket_can_be_passed_to_flowd()
    {
        int port = FreePort.Take();
        string[] holder = Script.Python("holder.py", "--wait", $"tcp,127.0.0.1,{port}", "--");
        using RunningFlowd flowd = RunningFlowd.Launch("listen on 127.0.0.1:{port} tcp\nstore ALL", null, holder, RunningFlowd.Insecure, port);
        flowd.WaitFor("holding");
        using var early = new Peer(port); // flowd is started by it
        early.Send(IpfixMessages.Template(), IpfixMessages.Flow(1));

        flowd.WaitForRecords(1);
        Assert.DoesNotContain("was passed to flowd", flowd.Messages, StringComparison.Ordinal);
    }

    private static bool HasStopped(Func<int> number)
    {
        int before = number();
        Thread.Sleep(300);
        return number() == before;
    }
}
