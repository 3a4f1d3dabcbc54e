using System;
using System.Buffers.Binary;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What is counted for each stream, and that streams are bounded.</summary>
public class StreamTests
{
    private static readonly string Tpl = Set(2, SmallTemplate);
    private static readonly string Options = Set(3, "0101 0002 0001", Fields((149, 4), (41, 8)));

    private static byte[] With(byte[] datagram, int offset, uint sequence)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(offset), sequence);
        return datagram;
    }

    private static byte[] V5(uint sequence, int count = 2) => With(NetFlow5(count, Repeat(NetFlow5Record, count)), 16, sequence);

    private static byte[] V9(uint sequence) => With(NetFlow9(2, Set(0, SmallTemplate), Set(256, SmallRecord)), 12, sequence);

    private static byte[] Ipfix(uint sequence, params string[] sets) => With(Wire.Ipfix(sets), 8, sequence);

    private static ExportStream Only(Collector collector) => collector.Decoder.Exporters.ByUse.Single().Streams.Single();

    [Fact]
    public void Each_message_counts_for_its_stream()
    {
        var collector = new Collector();
        string data = Set(256, SmallRecord);
        byte[] both = [.. IpfixOf(1, 16 + Hex.Parse(Tpl, data).Length, Tpl, data), .. IpfixOf(2, 16 + 4 + 3, Set(999, "000000"))];
        DecodeResult result = collector.Send(both);

        ExportStream[] streams = [.. collector.Decoder.Exporters.ByUse.Single().Streams];
        Assert.Equal([2u, 1u], streams.Select(s => s.Domain));
        Assert.Same(streams[1], result.Stream);
        Assert.Equal((1ul, 1ul, 0ul), (streams[1].Datagrams, streams[1].Records, streams[1].MissingTemplates));
        Assert.Equal((1ul, 0ul, 1ul), (streams[0].Datagrams, streams[0].Records, streams[0].MissingTemplates));
        Assert.Equal((ulong)both.Length, streams[0].Octets + streams[1].Octets);
        Assert.Equal((10, -1L, 1_700_000_001u), (streams[0].Version, streams[0].ClockOffsetSeconds, streams[0].LastSeenSeconds));
    }

    [Theory]
    [InlineData(1, 0u, SequenceUnit.None)]
    [InlineData(5, 0x0309u, SequenceUnit.Flows)]
    [InlineData(7, 0u, SequenceUnit.Flows)]
    [InlineData(9, 42u, SequenceUnit.Datagrams)]
    [InlineData(10, 42u, SequenceUnit.Records)]
    public void Version_domain_and_unit(int version, uint domain, SequenceUnit unit)
    {
        byte[] datagram = version switch
        {
            1 => NetFlow1(1, NetFlow1Record),
            5 => NetFlow5(1, NetFlow5Record),
            7 => NetFlow7(1, NetFlow7Record),
            9 => V9(5),
            _ => Ipfix(5, Tpl),
        };
        ExportStream stream = new Collector().Send(datagram).Stream!;
        Assert.Equal((version, domain, unit, unit != SequenceUnit.None, -1), (stream.Version, stream.Domain, stream.Unit, stream.HasPosition, stream.Slot));
    }

    [Fact]
    public void A_refused_datagram_with_a_valid_header_counts_and_keeps_the_place()
    {
        var collector = new Collector();
        collector.Send(V5(100));
        DecodeResult result = collector.Send(V5(102).AsSpan()[..^1]);
        Assert.Equal(DecodeError.LengthMismatch, result.Error);
        Assert.Equal((2ul, 2ul, 1ul), (result.Stream!.Datagrams, result.Stream.Records, result.Stream.ErrorCount(DecodeError.LengthMismatch)));
        Assert.Equal(0u, collector.Send(V5(104)).Missing);
        Assert.Null(collector.Send(NetFlow5(0)).Stream);
    }

    [Fact]
    public void A_gap_is_told_and_counted()
    {
        var collector = new Collector();
        collector.Send(V5(uint.MaxValue)); // goes over the end of 32 bits
        DecodeResult result = collector.Send(V5(18, 3));
        Assert.Equal((17u, 18u), (result.Missing, result.Sequence));
        ExportStream stream = Only(collector);
        Assert.Equal((1ul, 17ul, 21u), (stream.Gaps, stream.Lost, stream.NextSequence));

        Assert.Equal(0u, collector.Send(V5(1, 4)).Missing); // some of the missing come late
        Assert.Equal(0u, collector.Send(V5(1, 4)).Missing); // and once more
        Assert.Equal((1ul, 13ul, 2ul, 21u), (stream.Gaps, stream.Lost, stream.OutOfOrder, stream.NextSequence));

        collector.Send(V5(4_000_000_000));
        Assert.Equal((13ul, 1ul, 4_000_000_002u), (stream.Lost, stream.Resets, stream.NextSequence));
    }

    [Fact]
    public void Version_9_counts_datagrams()
    {
        var collector = new Collector();
        Assert.Equal([0u, 0u, 2u], new[] { 7u, 8u, 11u }.Select(n => collector.Send(V9(n)).Missing));
    }

    [Fact]
    public void A_sequence_that_never_moves_loses_nothing()
    {
        var collector = new Collector();
        for (int i = 0; i < 100; i++)
            collector.Send(V5(0));
        Assert.Equal((0ul, 0ul, 99ul), (Only(collector).Lost, Only(collector).Resets, Only(collector).OutOfOrder));
    }

    [Fact]
    public void Ipfix_counts_data_records_and_those_of_options()
    {
        var collector = new Collector();
        collector.Send(Ipfix(10, Tpl, Options, Set(256, SmallRecord, SmallRecord), Set(257, Repeat("00", 12))));
        Assert.Equal(13u, Only(collector).NextSequence);
        Assert.Equal(0u, collector.Send(Ipfix(13, Tpl)).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(13, Set(256, SmallRecord))).Missing);
        Assert.Equal(6u, collector.Send(Ipfix(20, Set(256, SmallRecord))).Missing);
    }

    // softflowd 1.1 numbers a message with the flows up to its end, and does not count its options.
    [Fact]
    public void Ipfix_that_counts_the_message_itself_makes_no_gap()
    {
        var collector = new Collector();
        string options = Options + Set(257, Repeat("00", 12));
        Assert.Equal(0u, collector.Send(Ipfix(2, Tpl, options, Set(256, Repeat(SmallRecord, 2)))).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(7, Set(256, Repeat(SmallRecord, 5)))).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(8, Tpl, options, Set(256, SmallRecord))).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(12, Set(256, Repeat(SmallRecord, 4)))).Missing);
        Assert.Equal(10u, collector.Send(Ipfix(24, Set(256, Repeat(SmallRecord, 2)))).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(22, Set(256, Repeat(SmallRecord, 6)))).Missing); // late
        Assert.Equal((1ul, 4ul, 1ul, false), (Only(collector).Gaps, Only(collector).Lost, Only(collector).OutOfOrder, Only(collector).HasPosition));
    }

    [Fact]
    public void Records_that_cannot_be_counted_make_no_gap()
    {
        var collector = new Collector();
        collector.Send(Ipfix(10, Set(256, SmallRecord)));
        Assert.False(Only(collector).HasPosition);
        collector.Send(Ipfix(9, Tpl)); // late: must not take the place back
        Assert.Equal(0u, collector.Send(Ipfix(11, Set(256, SmallRecord))).Missing);
        Assert.Equal(0u, collector.Send(Ipfix(12, Set(256, SmallRecord))).Missing);
        Assert.Equal(3u, collector.Send(Ipfix(16, Set(256, SmallRecord))).Missing);
        Assert.Equal((1ul, 1ul, 3ul, 1ul), (Only(collector).OutOfOrder, Only(collector).Uncertain, Only(collector).Lost, Only(collector).MissingTemplates));
    }

    [Fact]
    public void A_restored_place_is_checked_against()
    {
        var collector = new Collector();
        ExportStream stream = collector.Decoder.Exporters.Restore(Collector.Someone, 5, 0x0309, nextSequence: 100, lost: 5, lastSeenSeconds: 1_600_000_000);
        stream.Slot = 7;
        Assert.Equal((0ul, 1_600_000_000u, true, 100u), (stream.Datagrams, stream.LastSeenSeconds, stream.HasPosition, stream.NextSequence));
        Assert.Equal(0ul, stream.Exporter.Datagrams);
        DecodeResult result = collector.Send(V5(150));
        Assert.Same(stream, result.Stream);
        Assert.Equal((50u, 7, 55ul), (result.Missing, stream.Slot, stream.Lost));
    }

    [Fact]
    public void Verdicts_are_told_by_the_caller()
    {
        ExportStream stream = new Collector().Send(V5(1)).Stream!;
        stream.CountVerdicts(accepted: 3, discarded: 2);
        stream.CountVerdicts(accepted: 1, discarded: 0);
        Assert.Equal((4ul, 2ul), (stream.Accepted, stream.Discarded));
    }

    [Fact]
    public void Streams_of_an_exporter_are_bounded()
    {
        var collector = new Collector(new DecodeLimits { Domains = 4 });
        for (uint domain = 0; domain < 100; domain++)
        {
            collector.Send(IpfixOf(7, 16));
            collector.Send(IpfixOf(100 + domain, 16));
        }

        ExportStream[] streams = [.. collector.Decoder.Exporters.ByUse.Single().Streams];
        Assert.Equal([199u, 7u, 198u, 197u], streams.Select(s => s.Domain));
        Assert.Equal((100ul, 97ul), (streams[1].Datagrams, collector.Decoder.Exporters.StreamsEvicted));
    }

    [Fact]
    public void Streams_of_all_exporters_are_bounded()
    {
        var collector = new Collector(new DecodeLimits { Streams = 10 });
        ExportStream first = collector.Send(IpfixOf(1, 16), Address.FromIPv4(0)).Stream!;
        for (uint i = 1; i < 100; i++)
            collector.Send(IpfixOf(1, 16), Address.FromIPv4(i));
        Assert.Equal((10, 100, 90ul, true),
            (collector.Decoder.Exporters.StreamCount, collector.Decoder.Exporters.Count, collector.Decoder.Exporters.StreamsEvicted, first.IsForgotten));
        collector.Send(IpfixOf(1, 16), Address.FromIPv4(0));
        Assert.Equal(1ul, collector.Decoder.Exporters.ByUse.First().Streams.Single().Datagrams); // a new life

        collector.Decoder.SetLimits(new DecodeLimits { Streams = 3 });
        Assert.Equal(3, collector.Decoder.Exporters.StreamCount);
        Assert.Equal(100, collector.Decoder.Exporters.RemoveWhere(_ => true));
        Assert.Equal(0, collector.Decoder.Exporters.StreamCount);
    }
}
