using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Decode.Pending;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>Data that come before their template wait for it, within bounds; templates that are not announced again expire.</summary>
public class PendingTests
{
    private static readonly byte[] Data = NetFlow9(2, Set(256, SmallRecord, SmallRecord));
    private static readonly byte[] Template256 = NetFlow9(1, Set(0, SmallTemplate));

    private static PendingSets Pending(Collector collector) => collector.Decoder.Exporters.Pending;

    [Fact]
    public void Data_are_decoded_when_their_template_comes_with_the_time_of_their_own_datagram()
    {
        var collector = new Collector();
        Assert.Equal(DecodeError.UnknownTemplate, collector.Send(Data).Error);
        Assert.Equal(1, Pending(collector).Count);
        collector.Now += 60;
        Assert.Equal(DecodeError.None, collector.Send(Template256).Error);

        DecodeResult? result = collector.TakePending();
        Assert.Equal((DecodeError.None, (ushort)9, 42u, Sequence), (result!.Value.Error, result.Value.Version, result.Value.Domain, result.Value.Sequence));
        Assert.Equal(2, collector.Batch.Count);
        FlowRecord record = collector.Batch.Records[1];
        Assert.Equal(Address.FromIPv4(0x0A000002), record.DestinationAddress);
        Assert.Equal(collector.Now - 60, record.ReceivedSeconds);
        Assert.Equal((Uptime, ExportSeconds), (record.SystemUptime, record.ExportSeconds));
        Assert.Null(collector.TakePending());
        Assert.Equal((0, 0, 1ul, 1ul), (Pending(collector).Count, Pending(collector).Octets, Pending(collector).Kept, Pending(collector).Decoded));
        Exporter exporter = collector.Decoder.Exporters.ByUse.Single();
        Assert.Equal(2ul, exporter.Records);
        Assert.Equal(2ul, exporter.Streams.Single().Records);
        Assert.Equal(2ul, exporter.Datagrams);
    }

    [Fact]
    public void A_template_behind_its_data_in_one_datagram_will_do()
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(256, SmallRecord), Set(2, SmallTemplate)));
        Assert.Equal(0, collector.Batch.Count);
        Assert.NotNull(collector.TakePending());
        Assert.Equal(1, collector.Batch.Count);
    }

    [Fact]
    public void Several_sets_come_in_the_order_in_which_they_were_sent_and_by_the_layout_that_released_them()
    {
        var collector = new Collector();
        for (int i = 1; i <= 3; i++)
            collector.Send(Ipfix(Set(256, $"0A00000{i} 0A000002 06")));
        collector.Send(Ipfix(Set(2, SmallTemplate), Set(2, Template(256, (4, 1))))); // redefined in the same message
        for (uint i = 1; i <= 3; i++)
        {
            Assert.NotNull(collector.TakePending());
            Assert.Equal(Address.FromIPv4(0x0A000000 + i), collector.Batch.Records[0].SourceAddress);
        }
    }

    [Fact]
    public void Options_that_came_early_give_their_sampling_rate()
    {
        var collector = new Collector();
        collector.Send(NetFlow9(1, Set(257, "00000001 00000064")));
        collector.Send(NetFlow9(1, Set(1, "0101 0004 0004", Fields((1, 4), (34, 4)))));
        Assert.NotNull(collector.TakePending());
        Assert.Equal(0, collector.Batch.Count);
        Assert.Equal(1, collector.Decoder.Exporters.ByUse.Single().SamplerCount);
    }

    [Theory]
    [InlineData(0u, 0u, 256)] // another exporter
    [InlineData(1u, 43u, 256)] // another domain
    [InlineData(1u, 42u, 257)] // another template
    public void Another_template_releases_nothing(uint exporter, uint domain, int id)
    {
        var collector = new Collector();
        collector.Send(Ipfix(Set(256, SmallRecord)), Address.FromIPv4(1));
        string set = Set(2, Template(id, (8, 4), (12, 4), (4, 1)));
        collector.Send(IpfixOf(domain, 16 + set.Replace(" ", "", StringComparison.Ordinal).Length / 2, set), Address.FromIPv4(exporter));
        Assert.Null(collector.TakePending());
        Assert.Equal(1, Pending(collector).Count);
    }

    [Fact]
    public void What_is_not_taken_before_the_next_datagram_is_dropped_and_counted()
    {
        var collector = new Collector();
        collector.Send(Data);
        collector.Send(Template256);
        collector.Send(Template256);
        Assert.Null(collector.TakePending());
        Assert.Equal(1ul, Pending(collector).Dropped);
    }

    [Fact]
    public void They_wait_as_long_as_the_limit_says()
    {
        var collector = new Collector(new DecodeLimits { PendingSeconds = 60 });
        collector.Send(Data);
        collector.Now += 61;
        collector.Send(Template256);
        Assert.Null(collector.TakePending());
        Assert.Equal((0, 1ul, 0ul), (Pending(collector).Count, Pending(collector).Expired, Pending(collector).Dropped));
    }

    // H29: who sends data without a template for ever takes no more than a share, and others keep theirs.
    [Fact]
    public void H29_data_without_a_template_for_ever_are_bounded_and_push_out_nobody_elses()
    {
        var collector = new Collector(new DecodeLimits { PendingOctets = 1 << 20 });
        collector.Send(Data, Address.FromIPv4(1));
        byte[] flood = Ipfix(Set(300, Repeat("00", 1000)));
        for (int i = 0; i < 10_000; i++)
        {
            collector.Send(flood, Address.FromIPv4(2));
            Assert.InRange(Pending(collector).Octets, 0, 1 << 18);
        }

        collector.Send(Template256, Address.FromIPv4(1));
        Assert.NotNull(collector.TakePending());
        Assert.Equal(2, collector.Batch.Count);
        Assert.Equal(10_001ul, Pending(collector).Kept);
        Assert.Equal(Pending(collector).Kept, (ulong)Pending(collector).Count + Pending(collector).Dropped + Pending(collector).Decoded);
    }

    [Fact]
    public void H29_floods_from_many_addresses_are_bounded_in_all()
    {
        var collector = new Collector(new DecodeLimits { PendingOctets = 1 << 20 });
        byte[] flood = Ipfix(Set(300, Repeat("00", 1000)));
        for (uint i = 0; i < 10_000; i++)
            collector.Send(flood, Address.FromIPv4(i));
        Assert.InRange(Pending(collector).Octets, (1 << 20) - 2000, 1 << 20);
        collector.Decoder.SetLimits(new DecodeLimits { PendingOctets = 1 });
        Assert.Equal((0, 0), (Pending(collector).Count, Pending(collector).Octets));
    }

    [Fact]
    public void They_go_with_their_exporter()
    {
        var collector = new Collector();
        collector.Send(Data);
        Assert.True(collector.Decoder.Exporters.Remove(Collector.Someone));
        Assert.Equal((0, 1ul), (Pending(collector).Count, Pending(collector).Dropped));
    }

    [Fact]
    public void A_template_that_is_not_announced_again_expires_if_a_limit_says_so()
    {
        var collector = new Collector(new DecodeLimits { TemplateSeconds = 100 });
        collector.Send(Template256);
        collector.Now += 90;
        collector.Send(Template256); // once more
        collector.Now += 90;
        Assert.Equal(DecodeError.None, collector.Send(Data).Error);
        collector.Now += 11;
        Assert.Equal(DecodeError.UnknownTemplate, collector.Send(Data).Error);
        Exporter exporter = collector.Decoder.Exporters.ByUse.Single();
        Assert.Equal((0, 1ul), (exporter.TemplateCount, exporter.TemplatesExpired));
        collector.Send(Template256);
        Assert.NotNull(collector.TakePending());
    }

    [Fact]
    public void Without_a_limit_a_template_holds()
    {
        var collector = new Collector();
        collector.Send(Template256);
        collector.Now += 10 * 365 * 86_400;
        Assert.Equal(DecodeError.None, collector.Send(Data).Error);
    }
}
