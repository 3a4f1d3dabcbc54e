using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Flowd.Tests;

/// <summary>What has killed or hung collectors, sent to the running daemon: afterwards the next good datagram is stored, by the same worker.</summary>
public class HostileTests
{
    public static TheoryData<string, string[]> Killers => new()
    {
        { "A: options set of length 0", ["00090001000003e86553f100000000010000000100010000"] },
        { "C: IPFIX set of length 0", ["000a00146553f100000000010000000100030000"] },
        { "B: template without fields, then data", ["00090002000003e86553f1000000000100000001000000080100000001000004"] },
        {
            "D: legal withdrawal, then data",
            ["000a00186553f10000000001000000010002000801000000", "000a00186553f10000000002000000010100000801020304"]
        },
        { "reserved set of length 0", ["00090001000003e86553f100000000010000000100050000"] },
        { "empty and short datagrams", ["", "00", "0005", "000500", "00050001", "0009000000000000"] },
        { "versions that nobody speaks", ["00000000", "00020000", "000b0000", "ffff0000"] },
    };

    [Theory, MemberData(nameof(Killers))]
    public void The_next_good_datagram_is_stored(string what, string[] datagrams)
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        int[] worker = flowd.Children();

        flowd.Send(datagrams.Select(Convert.FromHexString));
        flowd.Send(Exports.Numbered(1));

        Assert.Equal(1u, Assert.Single(flowd.WaitForRecords(1)).Sequence);
        Assert.True(worker.SequenceEqual(flowd.Children()), what);
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void Every_datagram_of_the_corpus_leaves_it_standing()
    {
        string[] datagrams = Directory.GetFiles(SharedData.PathOf("corpus", "raw"), "*.bin", SearchOption.AllDirectories);
        using RunningFlowd flowd = RunningFlowd.Start();
        int[] worker = flowd.Children();

        foreach (string datagram in datagrams)
        {
            flowd.Send(File.ReadAllBytes(datagram));
            Thread.Sleep(1); // the point is not how many fit into the kernel's buffer
        }

        flowd.Send(Exports.Numbered(424242));
        flowd.Until(() => RunningFlowd.ReadLog(flowd.LogPath).Exists(record => record.Sequence == 424242), () => flowd.Messages, mayEnd: false);

        Assert.Equal(worker, flowd.Children());
        Assert.Equal(0, Tool.Run(Tool.Published("flowd-reader"), "-q", flowd.LogPath).Status);
    }

    [Fact]
    public void A_flood_of_rubbish_gives_few_messages_and_no_state()
    {
        using RunningFlowd flowd = RunningFlowd.Start("flow source 127.0.0.0/8\nlimit exporters 16\nstore ALL");
        var random = new Random(1);
        byte[] rubbish = new byte[200];
        for (int i = 0; i < 500; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(i / 256), (byte)(i % 256)]), 0));
            random.NextBytes(rubbish);
            socket.SendTo(rubbish, new IPEndPoint(IPAddress.Loopback, flowd.Port));
            socket.SendTo(Exports.NetFlow9, new IPEndPoint(IPAddress.Loopback, flowd.Port));
        }

        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed");

        Assert.Contains("exporters: 16,", flowd.Messages, StringComparison.Ordinal);
        Assert.InRange(flowd.Messages.Split('\n').Count(line => line.StartsWith("127.1.", StringComparison.Ordinal)), 0, 100);
    }
}
