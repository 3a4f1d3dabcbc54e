using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What strangers can make us keep is bounded, and what is used least goes first.</summary>
public class StateTests
{
    private static Address Exporter(int n) => Address.FromIPv4(0x0A000000u + (uint)n);

    private static byte[] TemplateIn(uint domain, int id, int fields = 1)
    {
        string set = Set(2, Template(id, [.. Enumerable.Repeat((4, 1), fields)]));
        return IpfixOf(domain, 16 + set.Length / 2, set);
    }

    private static byte[] DataIn(uint domain, int id) => IpfixOf(domain, 21, Set(id, "06"));

    private static bool Knows(Collector collector, int exporter, uint domain, int id)
        => collector.Send(DataIn(domain, id), Exporter(exporter)).Error != DecodeError.UnknownTemplate;

    // H26: the flood of the one kind costs no state at all, that of the other no more than the limit.
    [Fact]
    public void H26_junk_from_many_addresses_makes_no_exporter()
    {
        var collector = new Collector();
        byte[][] junk = [[], [0], [0, 5], [0, 9, 0, 1], Hex.Parse(Repeat("FF", 100)), NetFlow5(0), NetFlow5(31), IpfixOf(1, 15), NetFlow5(1)[..23]];
        for (int i = 0; i < 100_000; i++)
            collector.Send(junk[i % junk.Length], Exporter(i));
        Assert.Equal(0, collector.Decoder.Exporters.Count);
        Assert.Equal(100_000ul, collector.Errors.Values.Aggregate((a, b) => a + b));
    }

    [Fact]
    public void H26_valid_headers_from_many_addresses_are_bounded()
    {
        var collector = new Collector();
        for (int i = 0; i < 100_000; i++)
        {
            collector.Send(TemplateIn(1, 256), Exporter(0)); // a live exporter among the flood keeps its place
            collector.Send(i % 2 == 0 ? TemplateIn(1, 256) : NetFlow5(1, NetFlow5Record), Exporter(i + 1));
        }

        int most = new DecodeLimits().Exporters;
        Assert.InRange(most, 10_000, 20_000); // as large networks have
        Assert.Equal(most, collector.Decoder.Exporters.Count);
        Assert.Equal(100_001ul - (ulong)most, collector.Decoder.Exporters.Evicted);
        Assert.True(Knows(collector, 0, 1, 256));
    }

    [Fact]
    public void H27_domains_and_templates_of_one_address_are_bounded()
    {
        var collector = new Collector(new DecodeLimits { TemplateFields = 32_000 });
        string set = Set(2, [.. Enumerable.Range(256, 5000).Select(i => Template(i, (4, 1)))]);
        for (uint domain = 0; domain < 300; domain++)
        {
            collector.Send(IpfixOf(domain, 16 + set.Length / 2, set));
            Assert.InRange(collector.Decoder.Exporters.TemplateFields, 0, 32_000);
        }

        Exporter exporter = collector.Decoder.Exporters.ByUse.Single();
        Assert.Equal(2000, exporter.TemplateCount);
        Assert.Equal(300ul * 5000 - 2000, exporter.TemplatesEvicted);
    }

    [Fact]
    public void H27_domains_are_bounded()
    {
        var collector = new Collector(new DecodeLimits { Domains = 4 });
        for (uint domain = 0; domain < 4; domain++)
            collector.Send(TemplateIn(domain, 256), Exporter(1));
        Assert.True(Knows(collector, 1, 0, 256)); // used, so domain 1 is the next to go
        collector.Send(TemplateIn(99, 256), Exporter(1));
        Assert.Equal(4, collector.Decoder.Exporters.Find(Exporter(1))!.DomainCount);
        Assert.False(Knows(collector, 1, 1, 256));
        Assert.True(Knows(collector, 1, 0, 256));
    }

    // Withdrawals are the cheapest thing to send: 4 octets each. They must not cost a walk over what they do not remove.
    [Fact]
    public void Withdrawing_nothing_is_cheap_however_much_there_is()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(3, [.. Enumerable.Range(256, 4096).Select(i => Template(i, (149, 4)).Insert(8, "0001"))])));
        Assert.Equal(4096, collector.Decoder.Exporters.ByUse.Single().TemplateCount);
        byte[] withdrawals = Ipfix(Set(2, Repeat("00020000", 16_000)));
        long start = Environment.TickCount64;
        for (int i = 0; i < 20; i++)
            Assert.Equal(DecodeError.None, collector.Send(withdrawals).Error);
        Assert.InRange(Environment.TickCount64 - start, 0, 2_000); // 50 ms, against 5 s and more
        Assert.Equal(4096, collector.Decoder.Exporters.ByUse.Single().TemplateCount);
    }

    [Fact]
    public void The_template_that_was_used_least_recently_goes_first()
    {
        var collector = new Collector(new DecodeLimits { Templates = 3 });
        foreach (int id in new[] { 256, 257, 258 })
            collector.Send(TemplateIn(1, id), Exporter(1));
        Assert.True(Knows(collector, 1, 1, 256));
        collector.Send(TemplateIn(1, 259), Exporter(1));
        Assert.False(Knows(collector, 1, 1, 257));
        Assert.True(Knows(collector, 1, 1, 256));
        Assert.True(Knows(collector, 1, 1, 258));
        Assert.Equal(1ul, collector.Decoder.Exporters.Find(Exporter(1))!.TemplatesEvicted);
    }

    [Fact]
    public void The_exporter_that_was_used_least_recently_goes_first()
    {
        var collector = new Collector(new DecodeLimits { Exporters = 2 });
        collector.Send(TemplateIn(1, 256), Exporter(1));
        collector.Send(TemplateIn(1, 256), Exporter(2));
        Assert.True(Knows(collector, 1, 1, 256));
        collector.Send(NetFlow5(1, NetFlow5Record), Exporter(3));
        Assert.Equal([Exporter(3), Exporter(1)], collector.Decoder.Exporters.ByUse.Select(e => e.Address));
        Assert.Equal(16, collector.Decoder.Exporters.TemplateFields);
    }

    [Fact]
    public void When_fields_run_out_the_least_recently_used_exporters_pay()
    {
        var collector = new Collector(new DecodeLimits { TemplateFields = 60 });
        for (int i = 1; i <= 3; i++)
            collector.Send(TemplateIn(1, 256, fields: 20), Exporter(i));
        Assert.True(Knows(collector, 1, 1, 256));
        collector.Send(TemplateIn(1, 257, fields: 30), Exporter(3));
        Assert.Equal(50, collector.Decoder.Exporters.TemplateFields); // those of 2 and 1 went, in this order
        Assert.True(Knows(collector, 3, 1, 256));
        Assert.Equal([0, 0], new[] { 1, 2 }.Select(i => collector.Decoder.Exporters.Find(Exporter(i))!.TemplateCount));

        collector.Send(TemplateIn(1, 258, fields: 61), Exporter(1)); // more than all together may have
        Assert.Equal(1ul, collector.Decoder.Exporters.ErrorCount(DecodeError.TemplateTooLarge));
        Assert.Equal(50, collector.Decoder.Exporters.TemplateFields);
    }

    [Theory]
    [InlineData(10, DecodeError.None)]
    [InlineData(11, DecodeError.TemplateTooLarge)]
    public void A_template_has_no_more_fields_than_allowed(int fields, DecodeError expected)
        => Assert.Equal(expected, new Collector(new DecodeLimits { FieldsPerTemplate = 10 }).Send(TemplateIn(1, 256, fields)).Error);

    [Fact]
    public void Records_longer_than_a_datagram_are_refused()
        => Assert.Equal(DecodeError.TemplateTooLarge, new Collector().Send(Ipfix(Set(2, Template(256, (8, 4), (210, 65534))))).Error);

    [Fact]
    public void Templates_survive_new_limits()
    {
        var collector = new Collector();
        foreach (int i in new[] { 1, 2, 3 })
            collector.Send(TemplateIn(1, 256), Exporter(i));
        collector.Decoder.SetLimits(new DecodeLimits { Exporters = 2 });
        Assert.Equal([Exporter(3), Exporter(2)], collector.Decoder.Exporters.ByUse.Select(e => e.Address));
        Assert.True(Knows(collector, 2, 1, 256));
        collector.Decoder.SetLimits(new DecodeLimits { TemplateFields = 16 });
        Assert.False(Knows(collector, 3, 1, 256));
        Assert.True(Knows(collector, 2, 1, 256));
    }

    [Fact]
    public void Exporters_can_be_forgotten()
    {
        var collector = new Collector();
        for (int i = 1; i <= 5; i++)
            collector.Send(TemplateIn(1, 256), Exporter(i));
        Assert.True(collector.Decoder.Exporters.Remove(Exporter(1)));
        Assert.False(collector.Decoder.Exporters.Remove(Exporter(1)));
        Assert.Equal(3, collector.Decoder.Exporters.RemoveWhere(a => a != Exporter(4)));
        Assert.Equal([Exporter(4)], collector.Decoder.Exporters.ByUse.Select(e => e.Address));
        Assert.Equal(16, collector.Decoder.Exporters.TemplateFields);
        Assert.Equal(0ul, collector.Decoder.Exporters.Evicted);
    }

    [Fact]
    public void Counters_of_an_exporter()
    {
        var collector = new Collector();
        collector.Send(NetFlow5(2, Repeat(NetFlow5Record, 2)), Exporter(1));
        collector.Send(Ipfix(Set(2, SmallTemplate), Set(999, "00"), Set(998, "00"), Set(256, SmallRecord)), Exporter(1));
        collector.Send(NetFlow5(0), Exporter(1)); // a header that is not valid counts for nobody
        Exporter exporter = collector.Decoder.Exporters.Find(Exporter(1))!;
        Assert.Equal((2ul, 3ul, 10), (exporter.Datagrams, exporter.Records, exporter.LastVersion));
        Assert.Equal((2ul, 0ul), (exporter.ErrorCount(DecodeError.UnknownTemplate), exporter.ErrorCount(DecodeError.BadCount)));
        Assert.Equal(1ul, collector.Decoder.Exporters.ErrorCount(DecodeError.BadCount));
        Assert.Equal((1_700_000_001u, 1_700_000_001u), (exporter.FirstSeenSeconds, exporter.LastSeenSeconds));
    }

    // H28: whoever forges the address of an exporter can change its templates; nothing worse than wrong counts of errors may follow.
    [Fact]
    public void H28_redefinition_of_a_live_template()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(2, SmallTemplate)));
        for (int i = 1; i < 200; i++)
        {
            collector.Send(TemplateIn(42, 256, fields: i));
            collector.Send(Ipfix(Set(256, SmallRecord)));
        }

        collector.Send(Ipfix(Set(2, SmallTemplate), Set(256, SmallRecord)));
        Assert.Equal("10.0.0.1", collector.Batch.Records[0].SourceAddress.ToString());
        Assert.Equal(16, collector.Decoder.Exporters.TemplateFields);
    }

    // H30: sequence numbers that jump, wrap or go backwards are stored as they are and cost no template.
    [Fact]
    public void H30_sequence_numbers_do_not_matter()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(2, SmallTemplate)));
        foreach (uint sequence in new[] { 0u, uint.MaxValue, 5u, 0u })
        {
            byte[] datagram = Ipfix(Set(256, SmallRecord));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), sequence);
            Assert.Equal(sequence, collector.Single(datagram).Sequence);
        }
    }
}
