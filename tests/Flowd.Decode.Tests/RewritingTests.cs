using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Decode.Sets;
using Flowd.Decode.State;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>Datagrams made fit to be seen by others, octet by octet.</summary>
public class RewritingTests
{
    /// <summary>What is received, and what is to become of it.</summary>
    private sealed record Case(string Name, byte[] Received, byte[] Wanted);

    private const string Turned = "F5FFFFFE F5FFFFFD"; // of 10.0.0.1 and 10.0.0.2
    private const string Source6 = "20010DB8000000000000000000000001", Turned6 = "DFFEF247FFFFFFFFFFFFFFFFFFFFFFFE";

    private static readonly string MappedV5 = NetFlow5Record.Replace("0A000001 0A000002 0A0000FE", Turned + "F5FFFF01", StringComparison.Ordinal);
    private static readonly string MappedV1 = NetFlow1Record.Replace("0A000001 0A000002 0A0000FE", Turned + "F5FFFF01", StringComparison.Ordinal);

    private static readonly Case[] Cases =
    [
        new("v1", NetFlow1(2, Repeat(NetFlow1Record, 2)), NetFlow1(2, Repeat(MappedV1, 2))),
        new("v1, 52 octets", NetFlow1(2, Repeat(NetFlow1Record + "00000000", 2)), NetFlow1(2, Repeat(MappedV1 + "00000000", 2))),
        new("v5", NetFlow5(2, Repeat(NetFlow5Record, 2)), NetFlow5(2, Repeat(MappedV5, 2))),
        new("v5, octets behind", NetFlow5(1, NetFlow5Record, "0A000001"), NetFlow5(1, MappedV5, "00000000")),
        new("v7, with the bypassed router", NetFlow7(2, Repeat(NetFlow7Record, 2)), NetFlow7(2, Repeat(MappedV5 + "F5F5F5F5", 2))),
        Sets("addresses", Template(256, (8, 4), (12, 4), (4, 1)), "0A000001 0A000002 06", Turned + "06"),
        Sets("IPv6", Template(256, (27, 16), (7, 2)), Source6 + "01BB", Turned6 + "01BB"),
        Sets("next hops, NAT, prefixes", Template(256, (15, 4), (18, 4), (225, 4), (44, 4)), Repeat("0A000001", 4), Repeat("F5FFFFFE", 4)),
        Sets("none stays none", Template(256, (8, 4), (15, 4), (62, 16)), "0A000001 00000000" + Repeat("00", 16), "F5FFFFFE 00000000" + Repeat("00", 16)),
        Sets("MAC addresses", Template(256, (56, 6), (80, 6), (2, 4)), "001122334455 66778899AABB 00000007", "000000000000 000000000000 00000007"),
        Sets("text", Template(256, (82, 4), (2, 4)), "65746830 00000007", "00000000 00000007"),
        Sets("a section of the packet", Template(256, (2, 4), (104, 20)), "00000007" + Repeat("45", 20), "00000007" + Repeat("00", 20)),
        Sets("unknown number", Template(256, (2, 4), (5000, 4), (40001, 4)), "00000007 0A000001 0A000001", "00000007 00000000 00000000", isIpfix: false),
        Sets("address of a wrong length", Template(256, (8, 8), (2, 4)), "0A0000010A000001 00000007", Repeat("00", 8) + "00000007"),
        Sets("empty fields", Template(256, (5, 0), (8, 4), (104, 0), (12, 4), (4, 1)), "0A000001 0A000002 06", Turned + "06"),
        Sets("variable length", Template(256, (82, 65535), (8, 4), (313, 65535)), "03 616263 0A000001 FF 0002 4500", "03 000000 F5FFFFFE FF 0002 0000"),
        Sets("address of variable length", Template(256, (8, 65535), (2, 4)), "04 0A000001 00000007", "04 00000000 00000007"),
        Sets("structured data", Template(256, (291, 65535), (2, 4)), "09 FF00080004 0A000001 00000007", "09" + Repeat("00", 9) + "00000007"),
        Sets("padding", Template(256, (8, 4), (12, 4)), "0A000001 0A000002 0A0000", Turned + "000000"),
        new("ipfix, element of an enterprise", Ipfix(Set(2, "0100 0002 8008 0004 0000C9E5 0008 0004"), Set(256, "0A000001 0A000002")),
            Ipfix(Set(2, "0100 0002 8008 0004 0000C9E5 0008 0004"), Set(256, "00000000 F5FFFFFD"))),
        new("ipfix, redefined between two data sets",
            Ipfix(Set(2, Template(256, (8, 4), (2, 4))), Set(256, "0A000001 0A000001"), Set(2, Template(256, (2, 4), (8, 4))), Set(256, "0A000001 0A000001")),
            Ipfix(Set(2, Template(256, (8, 4), (2, 4))), Set(256, "F5FFFFFE 0A000001"), Set(2, Template(256, (2, 4), (8, 4))), Set(256, "0A000001 F5FFFFFE"))),
        new("ipfix, two messages",
            [.. Ipfix(Set(2, SmallTemplate), Set(256, SmallRecord)), .. Ipfix(Set(256, SmallRecord))],
            [.. Ipfix(Set(2, SmallTemplate), Set(256, Turned + "06")), .. Ipfix(Set(256, Turned + "06"))]),
        new("ipfix, octets behind", [.. Ipfix(Set(2, SmallTemplate)), 10, 0, 0, 1], [.. Ipfix(Set(2, SmallTemplate)), 0, 0, 0, 0]),
        new("v9, zeros behind, as Cisco's ACI sends them",
            NetFlow9(2, Set(0, SmallTemplate), Set(256, SmallRecord), Repeat("00", 64)), NetFlow9(2, Set(0, SmallTemplate), Set(256, Turned, "06"), Repeat("00", 64))),
        new("ipfix, a set that is shorter than its header", Ipfix(Set(2, SmallTemplate), Set(256, SmallRecord), "0100 0003 0A000001"),
            Ipfix(Set(2, SmallTemplate), Set(256, Turned, "06"), "0000 0000 00000000")),
        new("ipfix, options", Ipfix(Set(3, "0101 0003 0001", Fields((130, 4), (34, 4), (82, 4))), Set(257, "0A000001 00000064 65746830")),
            Ipfix(Set(3, "0101 0003 0001", Fields((130, 4), (34, 4), (82, 4))), Set(257, "F5FFFFFE 00000064 00000000"))),
        new("v9, options: the system, an interface",
            NetFlow9(2, Set(1, "0101 0008 0008", Fields((1, 4), (2, 4), (34, 4), (8, 4))), Set(257, "0A000001 00000002 00000064 0A000001")),
            NetFlow9(2, Set(1, "0101 0008 0008", Fields((1, 4), (2, 4), (34, 4), (8, 4))), Set(257, "00000000 00000002 00000064 F5FFFFFE"))),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(row => row.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Octets_are_as_wanted(string name)
    {
        Case row = Cases.Single(row => row.Name == name);

        Assert.Equal(Convert.ToHexString(row.Wanted), Convert.ToHexString(new Collector().Rewrite(row.Received) ?? []));
    }

    [Theory, MemberData(nameof(Names))]
    public void Records_are_the_same_but_for_their_addresses(string name)
    {
        Case row = Cases.Single(row => row.Name == name);
        var sender = new Collector();
        var receiver = new Collector();

        DecodeResult sent = sender.Send(row.Received);
        DecodeResult received = receiver.Send(row.Wanted);

        Assert.Equal(sent with { Stream = null }, received with { Stream = null });
        FlowRecord[] seen = receiver.Batch.Records.ToArray();
        Assert.Equal(Rewriter.Turned(sender.Batch.Records.ToArray(), seen), seen);
    }

    private static readonly string Tpl = Set(2, SmallTemplate);

    public static TheoryData<string, byte[]> NotUnderstood => new()
    {
        { "nothing", [] },
        { "one octet", [0] },
        { "sFlow", Hex.Parse("00000005 00000001 0A000001 00000000 00000001 00000001 00000000") },
        { "v8", Hex.Parse("0008 0001 0A000001", Repeat("00", 60)) },
        { "v5 without records", NetFlow5(0) },
        { "v5 with more records than there are", NetFlow5(2, NetFlow5Record) },
        { "v5 cut in its header", Hex.Parse("0005 0001 0A000001") },
        { "v9 without a template", NetFlow9(1, Set(256, SmallRecord)) },
        { "ipfix without a template", Ipfix(Set(256, SmallRecord)) },
        { "ipfix, one template of two", Ipfix(Tpl, Set(256, SmallRecord), Set(257, SmallRecord)) },
        { "ipfix, withdrawn", Ipfix(Tpl, Set(2, "0100 0000"), Set(256, SmallRecord)) },
        { "ipfix, template cut", Ipfix(Tpl, Set(256, SmallRecord), Set(2, "0100 0009 0008 0004 0A000001")) },
        { "ipfix, template without fields", NetFlow9(1, Set(0, "0100 0000")) },
        { "ipfix, reserved set", Ipfix(Tpl, Set(256, SmallRecord), Set(4, "0A000001")) },
        { "ipfix, set beyond the message", Ipfix(Tpl, "0100 0100 0A000001 0A000002 06") },
        { "ipfix, record cut", Ipfix(Set(2, Template(256, (82, 65535), (8, 4))), Set(256, "01 61 0A000001 08 6162 0A000001")) },
        { "ipfix, longer than the datagram", IpfixOf(42, 400, Tpl, Set(256, SmallRecord)) },
        { "ipfix, shorter than its header", IpfixOf(42, 10, Tpl, Set(256, SmallRecord)) },
    };

    [Theory, MemberData(nameof(NotUnderstood))]
    public void What_is_not_understood_whole_is_not_shown(string name, byte[] datagram)
    {
        Assert.NotEmpty(name);
        Assert.Null(new Collector().Rewrite(datagram));
    }

    [Fact]
    public void More_records_than_a_batch_holds_are_not_shown()
        => Assert.Null(new Collector(batchCapacity: 1).Rewrite(Ipfix(Tpl, Set(256, SmallRecord, SmallRecord), Set(2, Template(256, (1, 8))))));

    [Fact]
    public void Templates_of_earlier_datagrams_count()
    {
        var collector = new Collector();
        Assert.Equal(Ipfix(Tpl), collector.Rewrite(Ipfix(Tpl)));

        Assert.Equal(Ipfix(Set(256, Turned + "06")), collector.Rewrite(Ipfix(Set(256, SmallRecord))));
        Assert.Null(collector.Rewrite(Ipfix(Set(256, SmallRecord)), Address.FromIPv4(0xC000020B))); // somebody else's
    }

    [Fact]
    public void The_copy_must_be_of_the_datagram_that_was_decoded()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Tpl));

        Assert.Throws<ArgumentOutOfRangeException>(() => collector.Decoder.TryRewriteAddresses(new byte[3], Rewriter.Turn));
    }

    // Or a datagram of one-octet records would mean thousands of steps for each of its octets.
    [Fact]
    public void Empty_fields_cost_nothing()
    {
        var fields = new (int, int)[4000];
        fields.AsSpan().Fill((8, 0));
        fields[2000] = (4, 1);
        byte[] datagram = Ipfix(Set(2, Template(256, fields)), Set(256, Repeat("06", 40_000)));
        var collector = new Collector(batchCapacity: 50_000);

        Assert.Equal(datagram, collector.Rewrite(datagram));
        long before = Environment.TickCount64;
        for (int i = 0; i < 20; i++)
            collector.Decoder.TryRewriteAddresses(datagram, Rewriter.Turn);
        Assert.InRange(Environment.TickCount64 - before, 0, 1_000); // 3.2 billion steps it would be
    }

    [Fact]
    public void Nothing_is_allocated_for_a_datagram()
    {
        var collector = new Collector();
        byte[] datagram = Ipfix(Tpl, Set(256, SmallRecord, SmallRecord));
        byte[] copy = [.. datagram];
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                collector.Send(datagram);
                datagram.CopyTo(copy, 0);
                collector.Decoder.TryRewriteAddresses(copy, Rewriter.Turn);
            }
        }));
    }

    // The same template and record in both protocols, unless an element is only possible in one.
    private static Case Sets(string name, string template, string received, string wanted, bool isIpfix = true) => isIpfix
        ? new($"ipfix, {name}", Ipfix(Set(2, template), Set(256, received)), Ipfix(Set(2, template), Set(256, wanted)))
        : new($"v9, {name}", NetFlow9(2, Set(0, template), Set(256, received)), NetFlow9(2, Set(0, template), Set(256, wanted)));
}
