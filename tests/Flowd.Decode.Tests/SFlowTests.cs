using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Decode.DecodeError;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>sFlow by hand: what becomes of a sample, and inputs that broke others (H32 to H40).</summary>
public class SFlowTests
{
    private const string Macs = "020000000002 020000000001";
    private const string IPv4 = "45 02 0034 0000 4000 3F 06 0000 0A000001 0A000002";
    private const string Tcp = "1F90 C350 00000001 00000002 5018 1000 0000 0000";
    private const string Router = "000003EA 00000010 00000001 0A0000FE 00000018 00000010";

    private static readonly string Good = Sample(1, Packet(1, Macs, "0800", IPv4, Tcp));

    [Fact]
    public void A_packet_becomes_a_record()
    {
        var collector = new Collector();
        Assert.Equal(None, collector.Send(SFlow(1, Sample(2, Packet(1, Macs, "8100 6064 8100 0065 0800", IPv4, Tcp), Router))).Error);
        FlowRecord record = Assert.Single(collector.Batch.Records.ToArray());
        Assert.Equal("10.0.0.1:8080 10.0.0.2:50000 10.0.0.254/24/16", $"{record.SourceAddress}:{record.SourcePort} {record.DestinationAddress}:{record.DestinationPort} {record.GatewayAddress}/{record.SourceMask}/{record.DestinationMask}");
        Assert.Equal((6, 0x18, 2, 1ul, 1518ul), (record.Protocol, record.TcpFlags, record.TypeOfService, record.Packets, record.Octets));
        Assert.Equal((3u, 4u), (record.InputInterface, record.OutputInterface));
        Assert.Equal(new Sampling(512, 0, SamplingSource.Record, 0), record.Sampling);
        Assert.Equal(new Layer2 { SourceMac = 0x020000000001, DestinationMac = 0x020000000002, Vlan = 100, CustomerVlan = 101, EtherType = 0x800 }, record.Layer2);
        Assert.Equal((4, 63, 63, 0x40, 0x18), (record.Status.IpVersion, record.Status.MinimumTtl, record.Status.MaximumTtl, record.Status.FragmentFlags, record.Status.TcpFlags));
        Assert.Equal(("192.0.2.1", 7u, Sequence, 32773), (record.Origin.Exporter.ToString(), record.SourceId, record.Sequence, record.Version));
        Assert.Equal((Uptime, 1_700_000_001_250_000_000ul), (record.FlowStart, record.FlowFinishNanoseconds));
    }

    [Theory]
    [InlineData(1, Macs + "8847 00010040 00020140 " + IPv4 + Tcp, "10.0.0.1:8080 mpls 16,32")]
    [InlineData(1, Macs + "8864 1100 0001 0036 0021 " + IPv4 + Tcp, "10.0.0.1:8080 mpls ")]
    [InlineData(1, Macs + "0034 AAAA03 000000 0800 " + IPv4 + Tcp, "10.0.0.1:8080 mpls ")]
    [InlineData(11, IPv4 + Tcp, "10.0.0.1:8080 mpls ")]
    [InlineData(7, "FF03 0021 " + IPv4 + Tcp, "10.0.0.1:8080 mpls ")]
    [InlineData(13, "00010140 " + IPv4 + Tcp, "10.0.0.1:8080 mpls 16")]
    [InlineData(12, "60000000 0014 00 40 20010DB8000000000000000000000001 20010DB8000000000000000000000002 2B00000000000000 0601000000000000 0000000000000000 " + Tcp, "2001:db8::1:8080 mpls ")]
    [InlineData(12, "60000000 0014 2C 40 20010DB8000000000000000000000001 20010DB8000000000000000000000002 06000008 00000001 " + Tcp, "2001:db8::1:0 mpls ")] // not the first fragment
    [InlineData(12, "60000000 0014 33 40 20010DB8000000000000000000000001 20010DB8000000000000000000000002 06010000 00000000 00000000 " + Tcp, "2001:db8::1:8080 mpls ")]
    public void Packets_of_every_kind(int protocol, string packet, string expected)
    {
        var collector = new Collector();
        Assert.Equal(None, collector.Send(SFlow(1, Sample(1, Packet(protocol, packet)))).Error);
        FlowRecord record = Assert.Single(collector.Batch.Records.ToArray());
        IEnumerable<uint> labels = Enumerable.Range(0, 10).Select(i => MplsLabels.LabelOf(record.Mpls[i])).Where(label => label > 0);
        Assert.Equal(expected, $"{record.SourceAddress}:{record.SourcePort} mpls {string.Join(',', labels)}");
    }

    [Fact]
    public void The_way_to_the_destination()
    {
        const string gateway = "000003EB 00000034 00000001 CB007101 0000FDE9 0000FDEA 0000FDEB 00000002 00000002 00000002 00000001 00000002 00000001 00000001 00000003";
        var collector = new Collector();
        Assert.Equal(None, collector.Send(SFlow(1, Sample(2, Packet(11, IPv4, Tcp), gateway))).Error);
        FlowRecord record = collector.Batch.Records[0];
        Assert.Equal((65002u, 3u, 1u, 65003u, "203.0.113.1"), (record.SourceAs, record.DestinationAs, record.Bgp.NextAdjacentAs, record.Bgp.PreviousAdjacentAs, record.Bgp.NextHop.ToString()));
    }

    [Fact]
    public void What_is_lost_on_the_way_is_missed()
    {
        var collector = new Collector();
        collector.Send(SFlow(1, Good));
        byte[] later = SFlow(1, Good);
        later[19] += 4;
        Assert.Equal(3u, collector.Send(later).Missing);
    }

    [Fact]
    public void The_configuration_knows_better()
    {
        var collector = new Collector();
        collector.Decoder.SetSampling(new SamplingSettings(0, [(new Prefix(Address.FromIPv4(0xC0000200), 24), 4096)]));
        collector.Send(SFlow(1, Good));
        Assert.Equal(new Sampling(4096, 0, SamplingSource.Configuration, 0), collector.Batch.Records[0].Sampling);
    }

    public static TheoryData<string, string, int, DecodeError> Hostile => new()
    {
        { "H32 agent of type 3", "00000005 00000003 C0000201 00000007 00000001 00000001 00000001" + Good, 0, UnknownAddressType },
        { "H32 agent cut", "00000005 00000002 C0000201", 0, Truncated },
        { "H32 next hop of type 7", Whole(1, Sample(2, Packet(11, IPv4, Tcp), "000003EA 00000010 00000007 0A0000FE 00000018 00000010")), 1, UnknownAddressType },
        { "H33 sample longer than the datagram", Whole(1, "00000001 000000FF 00000000"), 0, BadSample },
        { "H33 sample of 2^32-1", Whole(1, "00000001 FFFFFFFF 00000000"), 0, BadSample },
        { "H33 part longer than the sample", Whole(1, Sample(1, "00000001 000000FF 00000000")), 0, BadSample },
        { "H33 packet longer than its part", Whole(1, Sample(1, "00000001 00000014 0000000B 00000064 00000000 FFFFFFFF 45000000")), 0, BadSample },
        { "H33 lengths that are no words", Whole(1, Sample(2, "0000270F 00000001 FF000000", Packet(11, IPv4, Tcp))), 1, None },
        { "H34 2^32-1 samples", Whole(uint.MaxValue, Good), 1, Truncated },
        { "H34 no samples", Whole(0, ""), 0, None },
        { "H34 samples that were not announced", Whole(0, Good), 0, TrailingOctets },
        { "H34 2^32-1 parts", Whole(1, Sample(uint.MaxValue, Packet(11, IPv4, Tcp))), 1, BadSample },
        { "H34 no parts", Whole(1, Sample(0)), 0, NothingToKeep },
        { "H35 2^30 systems", Whole(1, Sample(2, Packet(11, IPv4, Tcp), "000003EB 00000020 00000001 CB007101 00000001 00000002 00000003 00000001 00000002 40000000")), 1, BadSample },
        { "H35 2^32-1 segments", Whole(1, Sample(2, Packet(11, IPv4, Tcp), "000003EB 0000001C 00000001 CB007101 00000001 00000002 00000003 FFFFFFFF 00000002")), 1, Truncated },
        { "H35 an empty segment", Whole(1, Sample(2, Packet(11, IPv4, Tcp), "000003EB 00000020 00000001 CB007101 00000001 00000002 00000003 00000001 00000002 00000000")), 1, None },
        { "H36 IHL 0", Whole(1, Sample(1, Packet(11, "40" + IPv4[2..], Tcp))), 1, None },
        { "H36 IHL 15 with 20 octets", Whole(1, Sample(1, Packet(11, "4F" + IPv4[2..]))), 1, None },
        { "H36 version 5", Whole(1, Sample(1, Packet(11, "55" + IPv4[2..]))), 0, NothingToKeep },
        { "H36 ports cut", Whole(1, Sample(1, Packet(11, IPv4, "1F90 C3"))), 1, None },
        { "H37 200 extension headers", Whole(1, Sample(1, Packet(12, "60000000 0014 00 40", Repeat("00", 32), Repeat("0000000000000000", 200)))), 1, None },
        { "H37 an extension header of 2048 octets", Whole(1, Sample(1, Packet(12, "60000000 0014 00 40", Repeat("00", 32), "06FF"))), 1, None },
        { "H37 a fragment header that is cut", Whole(1, Sample(1, Packet(12, "60000000 0014 2C 40", Repeat("00", 32), "0600"))), 1, None },
        { "H38 VLANs without end", Whole(1, Sample(1, Packet(1, Macs, Repeat("81000001", 300)))), 1, None },
        { "H38 labels without end", Whole(1, Sample(1, Packet(1, Macs, "8847", Repeat("00010040", 300)))), 1, None },
        { "H38 a link layer that we do not know", Whole(1, Sample(1, Packet(9, Repeat("00", 64)))), 0, NothingToKeep },
        { "H39 samples of a vendor", Whole(2, "00001001 00000004 FFFFFFFF" + Good), 1, None },
        { "H39 counters", Whole(2, "00000002 00000008 00000001 00000002 00000004 00000004 00000001"), 0, None },
        { "H40 a user of 2^32-1 octets", Whole(1, Sample(2, Packet(11, IPv4, Tcp), "000003EC 00000008 0000006A FFFFFFFF")), 1, None },
        { "version 2", "00000002 00000001 C0000201" + Good, 0, UnknownVersion },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void Nothing_breaks(string name, string hex, int records, DecodeError error)
    {
        Assert.NotEmpty(name);
        var collector = new Collector();
        Assert.Equal((error, records), (collector.Send(Hex.Parse(hex)).Error, collector.Batch.Count));
        Assert.Equal((None, 1), (collector.Send(SFlow(1, Good)).Error, collector.Batch.Count));
    }

    // Any octets behind any part of a good datagram, with bits flipped: two decoders agree, the next good datagram decodes.
    [Fact]
    public void Damage_of_any_kind()
        => Gen.Select(Gen.Int[0, 300], Gen.Byte.Array[0, 60], Gen.Int[0, 4000].Array[0, 6]).Sample((cut, tail, flips) =>
        {
            byte[] good = SFlow(2, Sample(2, Packet(1, Macs, "8100 0001 0800", IPv4, Tcp), Router), Good);
            byte[] datagram = [.. good.AsSpan(0, Math.Min(cut, good.Length)), .. tail];
            foreach (int flip in flips)
            {
                if (flip / 8 < datagram.Length && flip / 8 > 3)
                    datagram[flip / 8] ^= (byte)(1 << flip % 8);
            }

            var collector = new Collector();
            var twin = new Collector();
            Assert.Equal(collector.Send(datagram) with { Stream = null }, twin.Send(datagram) with { Stream = null });
            Assert.Equal(collector.Batch.Records.ToArray(), twin.Batch.Records.ToArray());
            Assert.InRange(collector.Batch.Count, 0, datagram.Length / 8);
            Assert.Equal(1, (collector.Send(SFlow(1, Good)), collector.Batch.Count).Count);
        }, iter: 20_000);

    private static byte[] SFlow(uint samples, params string[] content) => Hex.Parse(Whole(samples, string.Concat(content)));

    private static string Whole(uint samples, string content) => $"00000005 00000001 C0000201 00000007 {U32(Sequence)} {U32(Uptime)} {U32(samples)} {content}";

    // Source 0:3, one of 512, interfaces 3 and 4.
    private static string Sample(uint parts, params string[] content)
    {
        string body = $"00000001 00000003 00000200 00010000 00000000 00000003 00000004 {U32(parts)} {string.Concat(content)}";
        return $"00000001 {U32((uint)Hex.Parse(body).Length)} {body}";
    }

    private static string Packet(int protocol, params string[] octets)
    {
        byte[] packet = Hex.Parse(octets);
        string padding = Repeat("00", -packet.Length & 3);
        return $"00000001 {U32((uint)(16 + packet.Length))} {U32((uint)protocol)} 000005EE 00000004 {U32((uint)packet.Length)} {Convert.ToHexString(packet)}{padding}";
    }
}
