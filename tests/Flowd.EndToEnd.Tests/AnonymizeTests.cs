using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Flowd.Anonymize;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.Tests;

/// <summary>`anonymize`: the published programs with key files, from the monitor that opens them to what is written and sent.</summary>
public class AnonymizeTests
{
    private const int FirstRecord = 24; // in a v5 datagram

    private static readonly byte[] Key = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];

    [Fact]
    public void Logs_and_copies_have_other_addresses_and_the_plain_log_its_own()
    {
        using Socket target = Bound();
        string folder = FolderWithKey(Key);
        using RunningFlowd flowd = RunningFlowd.Start($"""
            logfile "{folder}/log"
            logfile "{folder}/other" anonymize cryptopan "{folder}/key"
            logfile "{folder}/short" anonymize truncate 8
            {ForwardTo(target, folder)}
            store ALL
            """, folder);
        AddressAnonymizer anonymizer = Anonymizer();

        flowd.Send(Exports.Numbered(1));
        byte[] copy = Receive(target);
        FlowRecord record = Assert.Single(flowd.WaitForRecords(1));
        Assert.Equal(0, flowd.Stop());

        Assert.Equal(Mapped(Exports.Numbered(1), anonymizer.Map), copy);
        Assert.Equal(ReadUInt32BigEndian(Exports.NetFlow5.AsSpan(FirstRecord)), (uint)record.SourceAddress.Low);
        FlowRecord other = Assert.Single(RunningFlowd.ReadLog(Path.Combine(folder, "other")));
        Assert.Equal(anonymizer.Map(record.SourceAddress), other.SourceAddress);
        Assert.Equal(anonymizer.Map(record.DestinationAddress), other.DestinationAddress);
        Assert.Equal(anonymizer.Map(record.GatewayAddress), other.GatewayAddress);
        Assert.Equal((record.AgentAddress, record.Octets), (other.AgentAddress, other.Octets));
        FlowRecord cut = Assert.Single(RunningFlowd.ReadLog(Path.Combine(folder, "short")));
        Assert.Equal(record.SourceAddress.Low & 0xFF000000, cut.SourceAddress.Low);
    }

    [Fact]
    public void Without_a_key_flowd_does_not_start()
    {
        string folder = FolderWithKey("0123456789abcdef0123456789abcdef"u8);
        using Socket target = Bound();
        using RunningFlowd flowd = RunningFlowd.Launch(ForwardTo(target, folder), folder);

        Assert.NotEqual(0, flowd.WaitForExit());
        Assert.Contains($"{folder}/key: 32 hexadecimal digits are half a key", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_none_at_a_reload_leaves_no_addresses()
    {
        using Socket target = Bound();
        string folder = FolderWithKey(Key);
        using RunningFlowd flowd = RunningFlowd.Start(ForwardTo(target, folder), folder);
        flowd.Send(Exports.Numbered(1));
        Assert.Equal(Mapped(Exports.Numbered(1), Anonymizer().Map), Receive(target));

        File.WriteAllText(Path.Combine(folder, "key"), "nonsense");
        flowd.Reconfigure(ForwardTo(target, folder));
        flowd.WaitFor($"{folder}/key: a key is 32 octets, or 64 hexadecimal digits: until there is a key, addresses are erased");
        flowd.Send(Exports.Numbered(2));
        Assert.Equal(Mapped(Exports.Numbered(2), static (in Address address) => address with { Low = 0 }), Receive(target));

        File.WriteAllBytes(Path.Combine(folder, "key"), Key);
        flowd.Reconfigure(ForwardTo(target, folder));
        flowd.WaitFor("the new configuration is in force", times: 2);
        flowd.Send(Exports.Numbered(3));
        Assert.Equal(Mapped(Exports.Numbered(3), Anonymizer().Map), Receive(target));
    }

    [Fact]
    public void What_is_not_understood_is_withheld()
    {
        using Socket target = Bound();
        string folder = FolderWithKey(Key);
        using RunningFlowd flowd = RunningFlowd.Start(ForwardTo(target, folder), folder);

        flowd.Send([0, 0, 0, 5, 0, 0, 0, 1, 192, 0, 2, 1], Exports.NetFlow9Data, Exports.Numbered(1));
        Assert.Equal(Exports.Numbered(1).Length, Receive(target).Length);
        flowd.Signal("USR2");
        flowd.WaitFor("1 datagrams sent, 0 failed, 2 withheld");
    }

    private delegate Address Mapping(in Address address);

    private static byte[] Mapped(byte[] datagram, Mapping map)
    {
        for (int at = FirstRecord; at < FirstRecord + 12; at += 4)
            map(Address.FromIPv4(ReadUInt32BigEndian(datagram.AsSpan(at)))).Write(datagram.AsSpan(at));
        return datagram;
    }

    private static AddressAnonymizer Anonymizer()
    {
        Assert.Equal(KeyError.None, AnonymizationKey.TryParse(Key, out AnonymizationKey? key));
        return AddressAnonymizer.CryptoPan(key!);
    }

    private static string FolderWithKey(ReadOnlySpan<byte> key)
    {
        string folder = RunningFlowd.NewFolder();
        File.WriteAllBytes(Path.Combine(folder, "key"), key);
        return folder;
    }

    private static string ForwardTo(Socket target, string folder)
        => $"forward to 127.0.0.1:{((IPEndPoint)target.LocalEndPoint!).Port} anonymize cryptopan \"{folder}/key\"";

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static byte[] Receive(Socket socket)
    {
        byte[] buffer = new byte[65536];
        return buffer[..socket.Receive(buffer)];
    }
}
