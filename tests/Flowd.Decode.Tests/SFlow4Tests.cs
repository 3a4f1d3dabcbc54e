using System;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Decode.DecodeError;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>sFlow version 4, whose samples do not tell how long they are.</summary>
public class SFlow4Tests
{
    private const string Tcp4 = "020000000001020000000002 0800 45020028 00014000 3F060000 0A000001 0A000002 1F90C350 0000000000000000 50180000 00000000";
    private const string Switch = "00000001 00000064 00000000 000000C8 00000000";
    private const string Router = "00000002 00000001 0A0000FE 00000018 00000010";
    private const string Gateway = "00000003 0000FDE8 0000FC00 0000FC01 00000001 00000002 00000002 0000FDE9 0000FDEA 00000001 00010001 00000064";
    private const string User = "00000004 00000003 61626300 00000000";
    private const string Url = "00000005 00000001 00000003 61626300";

    private static readonly string Good = Flow(0, Packet(Tcp4));

    [Fact]
    public void A_packet_with_all_that_can_be_told_of_it_becomes_a_record()
    {
        var collector = new Collector();
        Assert.Equal(None, collector.Send(SFlow(1, Flow(5, Packet(Tcp4), Switch, Router, Gateway, User, Url))).Error);
        FlowRecord record = Assert.Single(collector.Batch.Records.ToArray());
        Assert.Equal("10.0.0.1:8080 10.0.0.2:50000 10.0.0.254/24/16", $"{record.SourceAddress}:{record.SourcePort} {record.DestinationAddress}:{record.DestinationPort} {record.GatewayAddress}/{record.SourceMask}/{record.DestinationMask}");
        Assert.Equal((6, 1ul, 1518ul, 3u, 4u), (record.Protocol, record.Packets, record.Octets, record.InputInterface, record.OutputInterface));
        Assert.Equal((100, 200, 0xFC00u, 0xFDEAu, 0xFC01u, 0xFDE9u), (record.Layer2.Vlan, record.Layer2.PostVlan, record.SourceAs, record.DestinationAs, record.Bgp.PreviousAdjacentAs, record.Bgp.NextAdjacentAs));
        Assert.Equal(new Sampling(512, 0, SamplingSource.Record, 0), record.Sampling);
        Assert.Equal(("192.0.2.1", 0u, Sequence, 32772), (record.Origin.Exporter.ToString(), record.SourceId, record.Sequence, record.Version));
        ExportStream stream = collector.Decoder.Exporters.ByUse.Single().Streams.Single();
        Assert.Equal((SequenceUnit.Datagrams, Sequence + 1, 512u), (stream.Unit, stream.NextSequence, stream.Sampling!.Value.Population));
    }

    [Fact]
    public void Packets_are_described_in_two_more_ways()
    {
        var collector = new Collector();
        string four = "00000002 00000234 00000006 0A000001 0A000002 00001F90 0000C350 00000018 00000002";
        string six = "00000003 00000234 00000006 20010DB8000000000000000000000001 20010DB8000000000000000000000002 00001F90 0000C350 00000018 00000002";
        Assert.Equal(None, collector.Send(SFlow(2, Flow(0, four), Flow(0, six))).Error);
        Assert.Equal(["10.0.0.1", "2001:db8::1"], collector.Batch.Records.ToArray().Select(record => record.SourceAddress.ToString()));
        Assert.All(collector.Batch.Records.ToArray(), record => Assert.Equal(564ul, record.Octets));
    }

    [Theory]
    [InlineData(1, 88)]
    [InlineData(2, 140)]
    [InlineData(3, 160)]
    [InlineData(4, 88)]
    [InlineData(5, 168)]
    [InlineData(6, 88)]
    [InlineData(7, 28)]
    public void Counters_are_stepped_over(int type, int octets)
    {
        var collector = new Collector();
        string counters = "00000002 00000001 00000003 00000014" + U32((uint)type) + Repeat("00", octets);
        Assert.Equal(None, collector.Send(SFlow(2, counters, Good)).Error);
        Assert.Equal(1, collector.Batch.Count);
    }

    // What was whole before stays.
    [Theory]
    [InlineData("00000003", BadSample)] // a sample of an unknown type
    [InlineData("00000002 00000001 00000003 00000014 00000008", BadSample)] // counters of an unknown type
    [InlineData("00000002 00000001 00000003 00000014 00000001 0000", Truncated)]
    [InlineData("00000001 00000001", Truncated)]
    [InlineData("00000001 00000001 00000003 00000200 00010000 00000000 00000003 00000004 00000009", BadSample)] // a description of an unknown type
    [InlineData("00000001 00000001 00000003 00000200 00010000 00000000 00000003 00000004 00000001 00000001 000005EE FFFFFFFF", BadSample)]
    public void Damage_ends_the_datagram_and_costs_no_sample_before_it(string sample, DecodeError expected)
    {
        var collector = new Collector();
        Assert.Equal(expected, collector.Send(SFlow(3, Good, sample, expected == Truncated ? "" : Good)).Error);
        Assert.Equal(1, collector.Batch.Count);
    }

    [Theory]
    [InlineData("00000003 0000FDE8 0000FC00 0000FC01 FFFFFFFF", Truncated)] // segments
    [InlineData("00000003 0000FDE8 0000FC00 0000FC01 00000001 00000002 40000000", BadSample)] // systems, times 4 is 2^32
    [InlineData("00000003 0000FDE8 0000FC00 0000FC01 00000000 40000000", BadSample)] // communities
    [InlineData("00000004 FFFFFFFF", BadSample)] // a string
    [InlineData("00000007", BadSample)]
    public void A_damaged_part_costs_neither_its_packet(string part, DecodeError expected)
    {
        var collector = new Collector();
        Assert.Equal(expected, collector.Send(SFlow(1, Flow(1, Packet(Tcp4), part))).Error);
        Assert.Equal(1, collector.Batch.Count);
    }

    [Fact]
    public void Anything_is_bounded_and_the_next_datagram_is_read() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 300]).Sample((tail, cut) =>
    {
        var collector = new Collector();
        byte[] good = SFlow(3, Flow(3, Packet(Tcp4), Switch, Router, Gateway), Good, Good);
        collector.Send([.. good.AsSpan(0, Math.Min(cut, good.Length)), .. tail]);
        Assert.InRange(collector.Batch.Count, 0, 100);
        Assert.Equal(None, collector.Send(SFlow(1, Good)).Error);
        Assert.Equal(1, collector.Batch.Count);
    }, iter: 20_000);

    private static byte[] SFlow(uint samples, params string[] content) => Hex.Parse([$"00000004 00000001 C0000201 {U32(Sequence)} {U32(Uptime)} {U32(samples)}", .. content]);

    // Source 0:3, one of 512, interfaces 3 and 4.
    private static string Flow(uint parts, string packet, params string[] content)
        => $"00000001 00000001 00000003 00000200 00010000 00000000 00000003 00000004 {packet} {U32(parts)} {string.Concat(content)}";

    private static string Packet(string octets)
    {
        byte[] packet = Hex.Parse(octets);
        return $"00000001 00000001 000005EE {U32((uint)packet.Length)} {Convert.ToHexString(packet)}{Repeat("00", -packet.Length & 3)}";
    }
}
