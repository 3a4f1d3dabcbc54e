using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Flowd.Records;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.Tests;

/// <summary>Datagrams in, records out: the published programs on loopback.</summary>
public class CollectTests
{
    [Fact]
    public void Every_protocol_is_stored_filtered_and_tagged_by_the_example_configuration()
    {
        string example = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "examples", "flowd.conf"))
            .Replace("127.0.0.1:2055", "127.0.0.1:{port}", StringComparison.Ordinal);
        string folder = RunningFlowd.NewFolder();
        using RunningFlowd flowd = RunningFlowd.Start(example, folder, "-D", $"logfile_path=\"{folder}/log\"", "-D", $"pidfile_path=\"{folder}/pid\"", "-D", $"statefile_path=\"{folder}/state\"");

        flowd.Send(Exports.NetFlow1, Exports.NetFlow5, Exports.NetFlow7, Exports.NetFlow9, Exports.Ipfix);
        flowd.WaitForRecords(6);
        Assert.Equal(0, flowd.Stop());

        ToolResult text = Tool.Run(Tool.Published("flowd-reader"), "-U", flowd.LogPath);
        Assert.Equal(0, text.Status);
        Assert.Equal("", text.Errors);
        Assert.Equal(
        [
            "FLOW tag 443 proto 6 tcpflags 1b tos 00 agent [127.0.0.1] src [192.0.2.10]:51512 dst [198.51.100.80]:443 packets 42 octets 36012 ",
            "FLOW tag 1 proto 17 tcpflags 00 tos 00 agent [127.0.0.1] src [192.0.2.11]:40001 dst [203.0.113.53]:53 packets 2 octets 180 ",
            "FLOW tag 2 proto 6 tcpflags 1b tos 28 agent [127.0.0.1] src [198.51.100.80]:443 dst [192.0.2.10]:51512 packets 61 octets 81230 ",
            "FLOW tag 1 proto 17 tcpflags 00 tos 00 agent [127.0.0.1] src [192.0.2.11]:40001 dst [203.0.113.53]:53 packets 2 octets 180 ",
            "FLOW tag 6 proto 6 tcpflags 13 tos 00 agent [127.0.0.1] src [2001:db8::10]:50222 dst [2001:db8:ffff::80]:443 packets 17 octets 4096 ",
            "FLOW tag 1 proto 6 tcpflags 1b tos 00 agent [127.0.0.1] src [192.0.2.20]:49152 dst [203.0.113.25]:25 packets 23 octets 9876 ",
        ], text.Lines.Select(WithoutTime));
    }

    [Fact]
    public void Reception_time_is_the_kernels_and_close_to_now()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        DateTimeOffset before = DateTimeOffset.UtcNow;

        flowd.Send(Exports.Numbered(1));
        FlowRecord record = Assert.Single(flowd.WaitForRecords(1));

        DateTimeOffset received = DateTimeOffset.FromUnixTimeSeconds(record.ReceivedSeconds).AddMicroseconds(record.ReceivedMicroseconds);
        Assert.InRange(received, before.AddMilliseconds(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void IPv6_and_IPv4_sockets_stand_side_by_side()
    {
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port}\nlisten on [::1]:{port}\nstore ALL");

        flowd.Send(Exports.Numbered(4));
        flowd.SendTo(IPAddress.IPv6Loopback, Exports.Numbered(6));
        List<FlowRecord> records = flowd.WaitForRecords(2);

        Assert.Equal("127.0.0.1", records.Single(record => record.Sequence == 4).AgentAddress.ToString());
        Assert.Equal("::1", records.Single(record => record.Sequence == 6).AgentAddress.ToString());
    }

    [Fact]
    public void Only_flow_sources_are_heard()
    {
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port}\nlisten on [::1]:{port}\nflow source ::1\nstore ALL");

        flowd.Send(Exports.Numbered(1), Exports.Numbered(2));
        flowd.WaitFor("127.0.0.1: not a flow source");
        flowd.SendTo(IPAddress.IPv6Loopback, Exports.Numbered(3));

        Assert.Equal(3u, Assert.Single(flowd.WaitForRecords(1)).Sequence);
        flowd.Signal("USR2");
        flowd.WaitFor("unauthorised datagrams: 2");
        flowd.WaitFor("exporters: 1,");
    }

    [Fact]
    public void Datagrams_of_any_length_arrive_whole()
    {
        // 1,360 records of 48 octets in one IPFIX message of 65,507 octets at most.
        using RunningFlowd flowd = RunningFlowd.Start("listen on 127.0.0.1:{port} bufsize 212992\nstore SRC_ADDR\nstore OCTETS");
        byte[] template = Hex.Parse("000A0020 6B041670 00000001 00000009", "00020010 0100 0002 00080004 00010004");
        int records = (65507 - 20) / 8;
        byte[] data = new byte[20 + records * 8];
        Hex.Parse($"000A{data.Length:X4} 6B041670 00000002 00000009 0100{data.Length - 16:X4}").CopyTo(data, 0);

        flowd.Send(template, data);

        Assert.Equal(records, flowd.WaitForRecords(records).Count);
    }

    [Fact]
    public void Forwarding_sends_verbatim_copies_and_survives_a_reload()
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string forward = $"forward to 127.0.0.1:{((IPEndPoint)target.LocalEndPoint!).Port}\nstore ALL";
        using RunningFlowd flowd = RunningFlowd.Start(forward);
        byte[] buffer = new byte[65536];

        flowd.Send(Exports.NetFlow9);
        Assert.Equal(Exports.NetFlow9, buffer[..target.Receive(buffer)]);

        flowd.Reconfigure(forward);
        flowd.WaitFor("the new configuration is in force");
        flowd.Send(Exports.Numbered(7));
        Assert.Equal(Exports.Numbered(7), buffer[..target.Receive(buffer)]);
    }

    [Fact]
    public void The_log_socket_gets_each_record_also_after_its_reader_was_away()
    {
        string folder = RunningFlowd.NewFolder();
        string path = Path.Combine(folder, "sock");
        using RunningFlowd flowd = RunningFlowd.Start($"logsock \"{path}\" bufsize 65536\nstore ALL", folder);

        flowd.Send(Exports.Numbered(1)); // nobody listens yet: no harm
        flowd.WaitForRecords(1);
        uint next = 2;
        for (int visit = 0; visit < 2; visit++)
        {
            using var reader = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 200 };
            reader.Bind(new UnixDomainSocketEndPoint(path));
            byte[] received = ReceiveWhileSending(flowd, reader, ref next);

            Assert.Equal(LogErrorNone, (int)Store.LogRecord.TryRead(received, out FlowRecord record, out int consumed));
            Assert.Equal(received.Length, consumed);
            Assert.InRange(record.Sequence, 2u, next);
            File.Delete(path);
        }
    }

    // The kernel holds some ten datagrams for the reader, often less than one export has flows.
    [Fact]
    public void A_slow_reader_of_the_log_socket_gets_every_record()
    {
        const int Count = 300;
        string folder = RunningFlowd.NewFolder();
        string path = Path.Combine(folder, "sock");
        using var reader = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 2000 };
        reader.Bind(new UnixDomainSocketEndPoint(path));
        using RunningFlowd flowd = RunningFlowd.Start($"logsock \"{path}\"\nstore ALL", folder);
        byte[] buffer = new byte[65536];
        uint next = 0;
        ReceiveWhileSending(flowd, reader, ref next); // connected

        for (uint i = 0; i < Count; i++)
            flowd.Send(Exports.Numbered(1000 + i));
        flowd.WaitForRecords((int)next + Count);

        var sequences = new List<uint>();
        while (sequences.Count == 0 || sequences[^1] != 1000 + Count - 1)
        {
            int length = reader.Receive(buffer);
            Assert.Equal(LogErrorNone, (int)Store.LogRecord.TryRead(buffer.AsSpan(0, length), out FlowRecord record, out _));
            if (record.Sequence >= 1000)
                sequences.Add(record.Sequence);
        }

        Assert.Equal(Enumerable.Range(1000, Count), sequences.Select(sequence => (int)sequence));
    }

    [Fact]
    public void A_reload_may_move_the_log_socket()
    {
        string folder = RunningFlowd.NewFolder();
        using Socket first = Bind("first"), second = Bind("second");
        using RunningFlowd flowd = RunningFlowd.Start("logsock \"{dir}/first\"\nstore ALL", folder);
        uint next = 1;
        Assert.NotEmpty(ReceiveWhileSending(flowd, first, ref next));

        flowd.Reconfigure("logsock \"{dir}/second\"\nstore ALL");
        flowd.WaitFor("the new configuration is in force");

        Assert.NotEmpty(ReceiveWhileSending(flowd, second, ref next));

        Socket Bind(string name)
        {
            var reader = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 200 };
            reader.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, name)));
            return reader;
        }
    }

    [Fact]
    public void A_log_socket_alone_is_enough()
    {
        string folder = RunningFlowd.NewFolder();
        string path = Path.Combine(folder, "sock");
        using var reader = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 200 };
        reader.Bind(new UnixDomainSocketEndPoint(path));
        using RunningFlowd flowd = RunningFlowd.Start($"# no logfile\nlogsock \"{path}\"\nstore ALL", folder);

        uint next = 1;
        Assert.NotEmpty(ReceiveWhileSending(flowd, reader, ref next));
        Assert.False(File.Exists(flowd.LogPath));
    }

    [Fact]
    public void Store_masks_decide_what_is_kept()
    {
        using RunningFlowd flowd = RunningFlowd.Start("store SRCDST_ADDR\nstore OCTETS\nstore CRC32");

        flowd.Send(Exports.NetFlow5);

        Assert.All(flowd.WaitForRecords(3), record => Assert.Equal(LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.Octets | LogFields.Crc32, record.Fields));
    }

    private const int LogErrorNone = 0;

    // The connection is asked for once a second, so it may take a few datagrams until one comes through.
    private static byte[] ReceiveWhileSending(RunningFlowd flowd, Socket reader, ref uint sequence)
    {
        byte[] buffer = new byte[2048];
        for (int attempt = 0; attempt < 50; attempt++)
        {
            flowd.Send(Exports.Numbered(sequence++));
            try
            {
                return buffer[..reader.Receive(buffer)];
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                Thread.Sleep(50);
            }
        }

        Assert.Fail($"nothing came by the log socket; messages:\n{flowd.Messages}");
        return [];
    }

    private static string WithoutTime(string line)
    {
        int start = line.IndexOf("recv_time ", StringComparison.Ordinal);
        int end = line.IndexOf(' ', start + "recv_time ".Length);
        _ = DateTime.Parse(line[(start + "recv_time ".Length)..end], CultureInfo.InvariantCulture);
        return line.Remove(start, end + 1 - start);
    }
}
