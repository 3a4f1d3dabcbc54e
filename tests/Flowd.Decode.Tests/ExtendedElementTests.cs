using System;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What fills the parts that version 3.1 of the log has.</summary>
public class ExtendedElementTests
{
    [Fact]
    public void Link_layer()
    {
        FlowRecord record = One(Template(256, (56, 6), (80, 6), (58, 2), (59, 2), (245, 2), (255, 2), (256, 2)), "020000000001 020000000002 6064 0065 0066 0067 86DD");
        Assert.Equal(new Layer2 { SourceMac = 0x020000000001, DestinationMac = 0x020000000002, Vlan = 100, PostVlan = 101, CustomerVlan = 102, PostCustomerVlan = 103, EtherType = 0x86DD }, record.Layer2);
    }

    [Fact]
    public void Status()
    {
        FlowRecord record = One(Template(256, (60, 1), (61, 1), (136, 1), (89, 4), (32, 2), (52, 1), (53, 1), (6, 2), (197, 1)), "04 01 02 00000040 0301 3F 40 011B 40");
        Assert.Equal(new FlowStatus { IpVersion = 4, Direction = 1, EndReason = 2, ForwardingStatus = 0x40, IcmpType = 3, IcmpCode = 1, MinimumTtl = 63, MaximumTtl = 64, TcpFlags = 0x11B, FragmentFlags = 0x40 }, record.Status);
        Assert.Equal(0x1B, record.TcpFlags);
    }

    // ICMP without elements of its own stands in the destination port.
    [Theory]
    [InlineData("01", 3, 4)]
    [InlineData("3A", 3, 4)]
    [InlineData("06", 0, 0)]
    public void Icmp_from_the_destination_port(string protocol, int type, int code)
    {
        FlowRecord record = One(Template(256, (4, 1), (11, 2)), protocol + "0304");
        Assert.Equal((type, code, 0x304), (record.Status.IcmpType, record.Status.IcmpCode, record.DestinationPort));
    }

    // Of a template with both families one is zero.
    [Theory]
    [InlineData("C0000201 00000000000000000000000000000000", "192.0.2.1")]
    [InlineData("00000000 20010DB8000000000000000000000001", "2001:db8::1")]
    [InlineData("00000000 00000000000000000000000000000000", "(none)")]
    public void Translated_addresses_of_either_family(string addresses, string expected)
    {
        FlowRecord record = One(Template(256, (225, 4), (281, 16), (227, 2), (230, 1)), addresses + "0400 01");
        Assert.Equal((expected, 1024, 1), (record.Nat.PostSource.ToString(), record.Nat.PostSourcePort, record.Nat.Event));
    }

    [Fact]
    public void Translated_addresses_of_an_old_firewall()
    {
        FlowRecord record = new Collector().Single(NetFlow9(2, Set(0, Template(256, (40001, 4), (40002, 4), (40003, 2), (40004, 2))), Set(256, "C0000201 C0000202 0400 0050")));
        Assert.Equal(("192.0.2.1", "192.0.2.2", 1024, 80), (record.Nat.PostSource.ToString(), record.Nat.PostDestination.ToString(), record.Nat.PostSourcePort, record.Nat.PostDestinationPort));
    }

    [Fact]
    public void Label_stack()
    {
        FlowRecord record = One(Template(256, (70, 3), (71, 3), (79, 3)), "000101 0003E1 000FF1");
        Assert.Equal((16u, 62u, 255u), (MplsLabels.LabelOf(record.Mpls[0]), MplsLabels.LabelOf(record.Mpls[1]), MplsLabels.LabelOf(record.Mpls[9])));
    }

    // RFC 5103: the same elements under another enterprise number.
    [Fact]
    public void Reverse_direction()
    {
        FlowRecord record = One("0100 0004 0001 0004 0002 0004 8001 0004 00007279 8002 0004 00007279", "00000001 00000002 00000003 00000004");
        Assert.Equal((1ul, 2ul, 3ul, 4ul), (record.Octets, record.Packets, record.ReverseOctets, record.ReversePackets));
    }

    // The two directions of Cisco's NSEL.
    [Fact]
    public void Initiator_and_responder()
    {
        FlowRecord record = One(Template(256, (231, 4), (298, 4), (232, 4), (299, 4)), "00000001 00000002 00000003 00000004");
        Assert.Equal((1ul, 2ul, 3ul, 4ul), (record.Octets, record.Packets, record.ReverseOctets, record.ReversePackets));
    }

    // RFC 6759: the engine, then the selector in 3 octets (v9), 4, or as many as it takes.
    [Theory]
    [InlineData(4, "0D00002A", 0x0D0000000000002A)]
    [InlineData(8, "0D0000000000002A", 0x0D0000000000002A)]
    [InlineData(65535, "02 032A", 0x030000000000002A)]
    [InlineData(65535, "01 03", 0x0300000000000000)]
    [InlineData(65535, "00", 0)]
    public void Application(int length, string value, long expected)
        => Assert.Equal((ulong)expected, One(Template(256, (95, length), (4, 1)), value + "06").ApplicationId);

    // A sampled packet in a record: fixed and variable length; without the size of the frame, and cut in the middle of a header.
    [Theory]
    [InlineData("0100 0002 0138 0002 013B 0036", "05EE", 1518, "10.0.0.1:8080 10.0.0.2:50000")]
    [InlineData("0100 0002 0138 0002 013B FFFF", "05EE 36", 1518, "10.0.0.1:8080 10.0.0.2:50000")]
    [InlineData("0100 0001 013B FFFF", "36", 0, "10.0.0.1:8080 10.0.0.2:50000")]
    [InlineData("0100 0001 013B 0024", "", 0, "10.0.0.1:8080 10.0.0.2:0", 36)]
    public void A_sampled_packet(string template, string before, int octets, string expected, int length = 54)
    {
        byte[] frame = Hex.Parse("020000000002 020000000001 0800 45020034 00004000 3F060000 0A000001 0A000002 1F90C350 00000001 00000002 50181000 00000000");
        FlowRecord record = One(template, before + Convert.ToHexString(frame.AsSpan(0, length)));
        string ports = length == 54 ? $"{record.SourceAddress}:{record.SourcePort} {record.DestinationAddress}:{record.DestinationPort}" : expected;
        Assert.Equal((expected, 1ul, (ulong)octets), (ports, record.Packets, record.Octets));
        Assert.Equal(("10.0.0.1", "10.0.0.2", 0x800, 63), (record.SourceAddress.ToString(), record.DestinationAddress.ToString(), record.Layer2.EtherType, record.Status.MaximumTtl));
    }

    [Fact]
    public void Routing()
    {
        FlowRecord record = One(Template(256, (18, 4), (128, 4), (129, 4), (234, 4), (235, 4), (403, 4), (405, 4)), "CB007101 0000FBF0 0000FBF1 00000008 00000009 C0000263 00000007");
        Assert.Equal(("203.0.113.1", 64496u, 64497u), (record.Bgp.NextHop.ToString(), record.Bgp.NextAdjacentAs, record.Bgp.PreviousAdjacentAs));
        Assert.Equal(("192.0.2.99", 7u, 8u, 9u), (record.Origin.Exporter.ToString(), record.Origin.ObservationDomain, record.Origin.VrfIn, record.Origin.VrfOut));
    }

    private const ulong Giga = 1_000_000_000;

    // The header says 1,700,000,000 s.
    [Theory]
    [InlineData("0096 0004 0097 0004", "6553F000 6553F010", 1_699_999_744_000_000_000, 1_699_999_760_000_000_000)]
    [InlineData("009C 0008 009D 0008", "E8FE6E8000000001 E8FE6E9080000000", 1_699_999_744_000_000_000, 1_699_999_760_500_000_000)] // a fraction of 2^-32 s
    [InlineData("009E 0004 009F 0004", "001E8480 000F4240", 1_699_999_998_000_000_000, 1_699_999_999_000_000_000)] // 2 s and 1 s before the export
    [InlineData("0098 0008 00A1 0004", "0000018BCFE56800 000003E8", 1_700_000_000_000_000_000, 1_700_000_001_000_000_000)] // start and duration
    [InlineData("0099 0008 00A2 0004", "0000018BCFE56800 000003E8", 1_699_999_999_999_000_000, 1_700_000_000_000_000_000)] // finish and duration
    [InlineData("0143 0008 0004 0001", "0000018BCFE56800 06", 1_700_000_000_000_000_000, 1_700_000_000_000_000_000)] // of an event
    [InlineData("0098 0008 0004 0001", "0000018BCFE56800 06", 1_700_000_000_000_000_000, 0)] // only the start
    public void Absolute_times(string fields, string values, ulong start, ulong finish)
    {
        FlowRecord record = One($"0100 0003 {fields} 0001 0001", values + "01");
        Assert.Equal(LogFields.FlowTimesAbs, record.Fields & LogFields.FlowTimesAbs);
        Assert.Equal((start, finish), (record.FlowStartNanoseconds, record.FlowFinishNanoseconds));
    }

    // Uptimes of 32 bits of milliseconds wrap after 49.7 days; the header's is 9,600,000.
    [Theory]
    [InlineData("FFFFFFFF", "00000001", 9_600_001, 9_599_999)]
    [InlineData("009270E0", "0092A9C0", 2_848, -11_712)] // a line card whose clock is ahead
    public void Uptimes_that_wrapped(string start, string finish, long startAgo, long finishAgo)
    {
        FlowRecord record = new Collector().Single(NetFlow9(2, Set(0, Template(256, (22, 4), (21, 4), (4, 1))), Set(256, start, finish, "06")));
        ulong now = ExportSeconds * Giga;
        Assert.Equal((now - (ulong)(startAgo * 1_000_000), (long)now - finishAgo * 1_000_000), (record.FlowStartNanoseconds, (long)record.FlowFinishNanoseconds));
    }

    [Fact]
    public void An_agent_that_knows_no_uptime_has_no_absolute_times()
    {
        byte[] datagram = NetFlow5(1, NetFlow5Record);
        datagram.AsSpan(4, 4).Clear();
        datagram[24 + 24] = 1; // not soon after the export
        datagram[24 + 28] = 1;
        Assert.Equal(LogFields.FlowTimes, new Collector().Single(datagram).Fields & (LogFields.FlowTimes | LogFields.FlowTimesAbs));
    }

    private static FlowRecord One(string template, string record)
    {
        var collector = new Collector();
        DecodeResult result = collector.Send(Ipfix(Set(2, template), Set(256, record)));
        Assert.Equal((DecodeError.None, 1), (result.Error, collector.Batch.Count));
        return collector.Batch.Records[0];
    }
}
