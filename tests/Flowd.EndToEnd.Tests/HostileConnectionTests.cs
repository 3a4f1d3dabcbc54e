using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;

namespace Flowd.Tests;

/// <summary>Peers that no exporter is like. In each test a good exporter beside them loses nothing, and keeps its connection.</summary>
public sealed class HostileConnectionTests : IDisposable
{
    private const string Tcp = "listen on 127.0.0.1:{port} tcp\nstore ALL\n";

    private static readonly IPAddress GoodAddress = IPAddress.Parse("127.9.9.9");

    private RunningFlowd? _flowd;
    private Peer? _good;
    private uint _sent;

    /// <summary>What a peer sends, why it is sent away, and whether it closes the connection itself.</summary>
    public static TheoryData<string, byte[], string, bool> Rubbish => new()
    {
        { "a browser", "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "not IPFIX", false },
        { "one octet of something else", [0x16], "not IPFIX", false },
        { "NetFlow v9", [0, 9, 0, 1, 0, 0], "not IPFIX", false },
        { "NetFlow v5", Exports.NetFlow5, "not IPFIX", false },
        { "length 0", [0, 10, 0, 0], "a message shorter than its header", false },
        { "length 15", [0, 10, 0, 15, 0, 0], "a message shorter than its header", false },
        { "rubbish behind a good message", [.. IpfixMessages.Template(), 0xFF], "not IPFIX", false },
        { "half a message", IpfixMessages.Flow(1)[..20], "closed by the exporter in the middle of a message", true },
        { "half a header", [0, 10, 0], "closed by the exporter in the middle of a message", true },
        { "the greatest length, and no more", [0, 10, 0xFF, 0xFF], "closed by the exporter in the middle of a message", true },
    };

    [Theory, MemberData(nameof(Rubbish))]
    public void Rubbish_ends_its_connection_and_nothing_else(string what, byte[] rubbish, string reason, bool closesItself)
    {
        RunningFlowd flowd = Start(Tcp);
        for (int length = 0; length <= 1; length++) // at once, and octet by octet
        {
            using var peer = new Peer(flowd.Port);
            try
            {
                peer.Send(length == 0 ? [rubbish] : [.. rubbish.Select(octet => (byte[])[octet])]);
            }
            catch (SocketException)
            {
                // it was sent away before it had said all
            }

            if (closesItself)
                peer.Socket.Shutdown(SocketShutdown.Send);
            Assert.True(peer.IsClosed(), what);
        }

        flowd.WaitForStatistic($"3 so far; 2 {reason}");
        flowd.WaitFor($"127.0.0.1: connection ended: {reason}");
        CheckGood();
    }

    [Fact]
    public void Lengths_of_no_message_are_refused_and_all_others_taken()
    {
        RunningFlowd flowd = Start(Tcp);
        for (byte length = 0; length < 16; length++)
        {
            using var peer = new Peer(flowd.Port);
            peer.Send([0, 10, 0, length]);
            Assert.True(peer.IsClosed());
        }

        using var empty = new Peer(flowd.Port);
        empty.Send([0, 10, 0, 16, .. new byte[12]]);
        Assert.False(empty.IsClosed(TimeSpan.FromMilliseconds(200)));
        CheckGood();
    }

    [Fact]
    public void An_octet_now_and_then_is_too_slow()
    {
        RunningFlowd flowd = Start(Tcp + "limit message-time 1\n");
        using var silent = new Peer(flowd.Port); // says nothing, which is no crime yet
        using var slow = new Peer(flowd.Port);
        var watch = Stopwatch.StartNew();
        byte[] message = IpfixMessages.Flow(1);
        for (int i = 0; i < message.Length && !slow.IsClosed(TimeSpan.FromMilliseconds(100)); i++)
            TrySend(slow, message[i]);

        Assert.True(slow.IsClosed());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        flowd.WaitFor("127.0.0.1: connection ended: too slow");
        Assert.False(silent.IsClosed(TimeSpan.Zero));
        CheckGood();
    }

    [Fact]
    public void Who_says_nothing_for_too_long_is_dismissed()
    {
        RunningFlowd flowd = Start(Tcp + "limit connection-idle 1\n");
        using var silent = new Peer(flowd.Port);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2.5); Thread.Sleep(200))
            SendGood();

        Assert.True(silent.IsClosed());
        flowd.WaitForStatistic("1 idle for too long");
        CheckGood();
    }

    [Fact]
    public void Ten_thousand_idle_connections_shut_nobody_out()
    {
        const int Connections = 10_000, Places = 100;
        RunningFlowd flowd = Start(Tcp + $"limit connections {Places}\nlimit connections-per-exporter 20\n");
        CheckGood(); // it has been heard before the others come: who was not heard yet is as silent as they are
        var idle = new List<Peer>();
        for (int i = 0; i < Connections; i++)
        {
            idle.Add(new Peer(flowd.Port, new IPAddress([127, 1, (byte)(i / 250), (byte)(1 + i % 250)])));
            if (i % 500 == 0)
                SendGood();
        }

        using var newcomer = new Peer(flowd.Port, IPAddress.Parse("127.8.8.8"));
        newcomer.Send(IpfixMessages.Template(), IpfixMessages.Flow(1_000_000));
        flowd.Until(() => RunningFlowd.ReadLog(flowd.LogPath).Exists(record => record.Sequence == 1_000_000), () => flowd.Messages, mayEnd: false);
        flowd.WaitForStatistic($"; {Connections + 2 - Places} gave way");
        Assert.InRange(RunningFlowd.DescriptorsOf(flowd.ChildOf("tcp")).Count, Places, Places + 40);
        Assert.InRange(flowd.Messages.Split('\n').Count(line => line.Contains("gave way", StringComparison.Ordinal)), 1, 1000);
        idle.ForEach(peer => peer.Dispose());
        CheckGood(others: 1);
    }

    [Fact]
    public void One_exporter_has_its_share_of_connections()
    {
        RunningFlowd flowd = Start(Tcp + "limit connections-per-exporter 3\n");
        Peer[] peers = [.. Enumerable.Range(0, 5).Select(_ => new Peer(flowd.Port))];
        Assert.Equal([false, false, false, true, true], peers.Select(peer => peer.IsClosed(TimeSpan.FromMilliseconds(300))));
        flowd.WaitFor("127.0.0.1: connection refused: the exporter has too many");
        peers[0].Dispose();
        flowd.Until(() => !new Peer(flowd.Port).IsClosed(TimeSpan.FromMilliseconds(300)), () => "no place again", mayEnd: false);
        CheckGood();
    }

    [Fact]
    public void Templates_without_end_are_bounded()
    {
        RunningFlowd flowd = Start(Tcp + "limit templates 64\n");
        SendGood();
        int worker = flowd.ChildOf("worker");
        using (var first = new Peer(flowd.Port))
            SendTemplates(first, domains: 1);
        CheckGood();
        long before = MemoryOf(worker);
        using var flood = new Peer(flowd.Port);
        SendTemplates(flood, domains: 4);

        flowd.WaitForStatistic("64 templates");
        Assert.InRange(MemoryOf(worker) - before, long.MinValue, 32 << 20);
        CheckGood();
    }

    public void Dispose()
    {
        _good?.Dispose();
        _flowd?.Dispose();
    }

    private RunningFlowd Start(string configuration)
    {
        _flowd = RunningFlowd.Start(configuration);
        _good = new Peer(_flowd.Port, GoodAddress);
        _good.Send(IpfixMessages.Template());
        return _flowd;
    }

    private void SendGood() => _good!.Send(IpfixMessages.Flow(++_sent));

    private void CheckGood(int others = 0)
    {
        SendGood();
        _flowd!.WaitForRecords((int)_sent + others);
        Assert.Equal(
            Enumerable.Range(1, (int)_sent).Select(i => (uint)i),
            RunningFlowd.ReadLog(_flowd.LogPath).Where(record => record.AgentAddress.ToString() == GoodAddress.ToString()).Select(record => record.Sequence));
        Assert.False(_good!.IsClosed(TimeSpan.Zero));
    }

    private static void SendTemplates(Peer peer, uint domains)
    {
        for (uint domain = 0; domain < domains; domain++)
        {
            for (int id = 256; id <= ushort.MaxValue; id++)
                peer.Send(IpfixMessages.Template(domain, (ushort)id));
        }
    }

    private static void TrySend(Peer peer, byte octet)
    {
        try
        {
            peer.Send([octet]);
        }
        catch (SocketException)
        {
        }
    }

    // Octets that are resident and its own, proc_pid_status(5).
    private static long MemoryOf(int process)
    {
        Match match = Regex.Match(File.ReadAllText($"/proc/{process}/status"), @"RssAnon:\s+(\d+) kB");
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) << 10;
    }
}
