using System.Linq;
using Flowd.Decode;
using Flowd.Decode.Sampling;
using Flowd.Decode.State;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What exporters say about sampling, and for which records a rate is known.</summary>
public class SamplingTests
{
    private static readonly DomainKey Domain = new(10, 42);

    // What exporters say has 32 bits; a saved state may say anything.
    [Theory]
    [InlineData(1000ul, 1ul, 1000u)]
    [InlineData(3ul, 2ul, 2u)]
    [InlineData(4ul, 3ul, 1u)]
    [InlineData(5ul, 3ul, 2u)]
    [InlineData(ulong.MaxValue, 1ul, uint.MaxValue)]
    [InlineData(ulong.MaxValue, 2ul, uint.MaxValue)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, 1u)]
    public void A_rate_as_one_of_so_many(ulong population, ulong size, uint expected) => Assert.Equal(expected, new SamplingRate(population, size).OneOf);

    // Interval, random interval, packet interval and space, size and population; then what they make.
    [Theory]
    [InlineData(100L, null, null, null, null, null, "1 of 100")]
    [InlineData(null, 50L, null, null, null, null, "1 of 50")]
    [InlineData(null, null, 2L, 198L, null, null, "2 of 200")]
    [InlineData(null, null, 1L, 0L, null, null, "1 of 1")]
    [InlineData(null, null, null, null, 3L, 1000L, "3 of 1000")]
    [InlineData(0L, null, null, null, null, null, null)]
    [InlineData(null, 0L, null, null, null, null, null)]
    [InlineData(null, null, 0L, 100L, null, null, null)]
    [InlineData(null, null, 1L, null, null, null, null)]
    [InlineData(null, null, null, 100L, null, null, null)]
    [InlineData(null, null, null, null, 0L, 100L, null)]
    [InlineData(null, null, null, null, 101L, 100L, null)]
    [InlineData(0x1_0000_0000L, null, null, null, null, null, null)]
    [InlineData(-1L, null, null, null, null, null, null)]
    [InlineData(null, null, 0xFFFF_FFFFL, 0xFFFF_FFFFL, null, null, "4294967295 of 8589934590")]
    [InlineData(100L, 50L, 2L, 198L, 3L, 1000L, "3 of 1000")]
    [InlineData(100L, null, null, null, 0L, 1000L, "1 of 100")]
    public void Rates(long? interval, long? random, long? packetInterval, long? packetSpace, long? size, long? population, string? expected)
    {
        var values = new SamplingValues
        {
            Interval = U(interval),
            RandomInterval = U(random),
            PacketInterval = U(packetInterval),
            PacketSpace = U(packetSpace),
            Size = U(size),
            Population = U(population),
        };
        Assert.Equal(expected, values.Rate?.ToString());
    }

    private static ulong? U(long? value) => value is { } number ? unchecked((ulong)number) : null;

    [Theory]
    [InlineData(0x0000, "1 of 1")]
    [InlineData(0x4000, "1 of 1")]
    [InlineData(0x4064, "1 of 100")]
    [InlineData(0xFFFF, "1 of 16383")]
    public void The_header_of_version_5(int field, string expected)
    {
        Assert.Equal(expected, SamplingRate.FromNetFlow5((ushort)field).ToString());
        byte[] datagram = NetFlow5(1, NetFlow5Record);
        (datagram[22], datagram[23]) = ((byte)(field >> 8), (byte)(field & 0xFF));
        ExportStream stream = new Collector().Send(datagram).Stream!;
        Assert.Equal((expected, 0ul), (stream.Sampling?.ToString(), stream.SamplingUnknown));
    }

    [Fact]
    public void Versions_that_cannot_say_are_taken_as_unsampled()
    {
        foreach (byte[] datagram in new[] { NetFlow1(1, NetFlow1Record), NetFlow7(1, NetFlow7Record) })
        {
            ExportStream stream = new Collector().Send(datagram).Stream!;
            Assert.Equal((SamplingRate.Unsampled, 0ul), (stream.Sampling, stream.SamplingUnknown));
        }
    }

    // What the table holds, as domain:sampler=rate; what the record says of itself; what follows for a record of domain 42.
    [Theory]
    [InlineData("", null, null, null)]
    [InlineData("", null, 7L, 7)]
    [InlineData("42:1=10 42:2=20", null, 7L, 7)]
    [InlineData("42:1=10 42:2=20", 2L, 7L, 7)]
    [InlineData("42:1=10 42:2=20", 2L, null, 20)]
    [InlineData("42:2=20 42:1=10", null, null, 10)]
    [InlineData("42:1=10 42:0=30", null, null, 30)]
    [InlineData("42:1=10 0:2=20", 2L, null, 10)]
    [InlineData("7:1=10 0:2=20", 1L, null, 20)]
    [InlineData("0:2=20 7:1=10", null, null, 20)]
    [InlineData("7:3=30 8:1=10", null, null, 10)]
    [InlineData("7:3=30", 3L, null, 30)]
    [InlineData("42:1=10", null, 0L, 10)]
    public void Where_a_rate_is_looked_for(string entries, long? sampler, long? interval, int? expected)
    {
        var table = new SamplerTable(new ChangeCounter());
        foreach (string entry in entries.Split(' ', System.StringSplitOptions.RemoveEmptyEntries))
        {
            uint[] parts = [.. entry.Split(':', '=').Select(part => uint.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
            table.Set(new SamplerKey(new DomainKey(10, parts[0]), parts[1]), new SamplingRate(parts[2], 1), 128);
        }

        SamplingRate? rate = table.RateOf(Domain, new SamplingValues { SamplerId = U(sampler), Interval = U(interval) });
        Assert.Equal(expected is { } population ? new SamplingRate((ulong)population, 1) : null, rate);
    }

    [Fact]
    public void The_table_is_bounded_and_counts_what_changes()
    {
        var changes = new ChangeCounter();
        var table = new SamplerTable(changes);
        for (ulong id = 0; id < 1000; id++)
            table.Set(new SamplerKey(Domain, id), new SamplingRate(id + 1, 1), 128);
        Assert.Equal(128, table.Count);
        Assert.Equal(872ul, table.ByAge.First().Id);

        ulong before = changes.Count;
        table.Set(new SamplerKey(Domain, 999), new SamplingRate(1000, 1), 128);
        Assert.Equal(before, changes.Count);
        table.Set(new SamplerKey(Domain, 999), new SamplingRate(1001, 1), 128);
        Assert.Equal((before + 1, 128), (changes.Count, table.Count));
    }

    private static readonly string Flows = Set(2, SmallTemplate) + Set(256, Repeat(SmallRecord, 3));

    // An options template 257 of one scope field and the fields given, and a record of it.
    [Theory]
    [InlineData("0022 0004", "00000064", "1 of 100")] // samplingInterval
    [InlineData("0022 0001", "64", "1 of 100")]
    [InlineData("0022 0008", "0000000000000064", "1 of 100")]
    [InlineData("0022 0009", "000000000000000064", null)]
    [InlineData("0022 0004", "00000000", null)]
    [InlineData("0030 0001 0031 0001 0032 0002", "05 02 01F4", "1 of 500")] // samplerId, samplerMode, samplerRandomInterval
    [InlineData("012E 0008 0130 0002 0131 0004 0132 0004", "0000000000000001 0001 00000001 00000063", "1 of 100")] // by count
    [InlineData("0052 FFFF 0135 0004 0052 FFFF 0136 0002", "03 616263 00000002 00 03E8", "2 of 1000")] // between names
    [InlineData("0029 0004", "00000064", null)]
    public void Options_of_ipfix(string fields, string record, string? expected)
    {
        var collector = new Collector();
        int count = Hex.Parse(fields).Length / 4;
        string template = Set(3, "0101", U16(count + 1), "0001", "0095 0004", fields);
        collector.Send(Ipfix(template, Set(257, "0000002A", record, "0000002A", record), Flows));
        ExportStream stream = collector.Decoder.Exporters.ByUse.Single().Streams.Single();
        Assert.Equal((expected, 3ul), (stream.Sampling?.ToString(), stream.Records));
        Assert.Equal((expected is null ? 3ul : 0ul, expected is null ? 0 : 1), (stream.SamplingUnknown, stream.Exporter.SamplerCount));
    }

    [Fact]
    public void Options_of_version_9_serve_all_domains_of_the_exporter()
    {
        var collector = new Collector();
        collector.Send(NetFlow9(5, Set(0, SmallTemplate), Set(256, Repeat(SmallRecord, 3))));
        ExportStream stream = collector.Decoder.Exporters.ByUse.Single().Streams.Single();
        Assert.Equal((null, 3ul), (stream.Sampling, stream.SamplingUnknown));

        byte[] options = NetFlow9(2, Set(1, "0101 0004 0008 0001 0004 0030 0001 0022 0003", "0000"), Set(257, "00000000 01 0003E8"));
        options[19] = 7; // another source id
        ulong before = collector.Decoder.Exporters.TemplatesChanged;
        collector.Send(options);
        Assert.Equal(before + 2, collector.Decoder.Exporters.TemplatesChanged);
        collector.Send(options);
        Assert.Equal(before + 2, collector.Decoder.Exporters.TemplatesChanged);

        collector.Send(NetFlow9(3, Set(256, Repeat(SmallRecord, 3))));
        Assert.Equal(("1 of 1000", 3ul), (stream.Sampling?.ToString(), stream.SamplingUnknown));
    }

    [Fact]
    public void A_record_may_give_its_own_rate()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(2, Template(256, (8, 4), (34, 4), (4, 1))), Set(256, "0A000001 00000064 06", "0A000001 00000000 06", "0A000001 00000001 06")));
        ExportStream stream = collector.Decoder.Exporters.ByUse.Single().Streams.Single();
        Assert.Equal((3ul, 1ul), (stream.Records, stream.SamplingUnknown));
        Assert.Equal(0, stream.Exporter.SamplerCount);
    }

    [Fact]
    public void Rates_go_with_their_exporter()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(3, "0101 0002 0001 0095 0004 0022 0001"), Set(257, "0000002A 0A")));
        Assert.Equal(1, collector.Decoder.Exporters.ByUse.Single().SamplerCount);
        ulong before = collector.Decoder.Exporters.TemplatesChanged;
        Assert.True(collector.Decoder.Exporters.Remove(Collector.Someone));
        Assert.Equal(before + 2, collector.Decoder.Exporters.TemplatesChanged);
        collector.Send(Ipfix(Flows));
        Assert.Equal(3ul, collector.Decoder.Exporters.ByUse.Single().Streams.Single().SamplingUnknown);
    }
}
