using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>
/// H25: what a broken network or exporter makes of datagrams. After all the damage, and without the templates that it may have defined,
/// intact datagrams of the same exporter must give what they give to a decoder that has seen no other.
/// </summary>
public class DamageTests
{
    // Enough for every bit of every capture but the longest, of which every so-many-th bit is tried.
    private const int MaxFlipsPerCapture = 60_000;

    private static readonly List<(Address Exporter, byte[] Payload)> Fixtures =
    [
        (Collector.Someone, NetFlow1(2, Repeat(NetFlow1Record, 2))),
        (Collector.Someone, NetFlow5(2, Repeat(NetFlow5Record, 2))),
        (Collector.Someone, NetFlow7(2, Repeat(NetFlow7Record, 2))),
        (Collector.Someone, NetFlow9(4, Set(0, SmallTemplate), Set(256, SmallRecord, SmallRecord), Set(1, "0101 0004 0004 0001 0002 0022 0004"))),
        (Collector.Someone, Ipfix(Set(2, SmallTemplate, Template(257, (82, 65535), (8, 4))), Set(3, "0102 0002 0001 0095 0004 0022 0004"),
            Set(256, SmallRecord), Set(257, "03 616263 0A000001"), Set(2, "0101 0000"))),
    ];

    public static TheoryData<string> Captures => [.. Corpus.Captures.Select(c => c.Id)];

    [Fact]
    public void H25_every_bit_of_the_fixtures_flipped() => FlipBits(Fixtures, int.MaxValue);

    [Fact]
    public void H25_the_fixtures_with_swapped_octets() => SwapOctets(Fixtures);

    [Theory, MemberData(nameof(Captures))]
    public void H25_bits_flipped(string id) => FlipBits(Pcap.Read(Corpus.PathOf(id)), MaxFlipsPerCapture);

    [Theory, MemberData(nameof(Captures))]
    public void H25_octets_swapped(string id) => SwapOctets(Pcap.Read(Corpus.PathOf(id)));

    private static void FlipBits(List<(Address Exporter, byte[] Payload)> capture, int maxFlips)
    {
        var collector = new Collector();
        int bits = capture.Sum(d => d.Payload.Length * 8);
        int stride = bits <= maxFlips ? 1 : bits / maxFlips | 1;
        int bit = 0;
        foreach ((Address exporter, byte[] payload) in capture)
        {
            collector.Send(payload, exporter);
            for (; bit < payload.Length * 8; bit += stride)
            {
                payload[bit / 8] ^= (byte)(1 << bit % 8);
                collector.Send(payload, exporter);
                payload[bit / 8] ^= (byte)(1 << bit % 8);
            }

            bit -= payload.Length * 8;
        }

        AssertUnharmed(capture, collector);
    }

    private static void SwapOctets(List<(Address Exporter, byte[] Payload)> capture)
    {
        var collector = new Collector();
        foreach ((Address exporter, byte[] payload) in capture)
        {
            foreach (int width in new[] { 2, 4 })
            {
                byte[] swapped = [.. payload];
                for (int i = 0; i + width <= swapped.Length; i += width)
                    Array.Reverse(swapped, i, width);
                collector.Send(swapped, exporter);
            }
        }

        AssertUnharmed(capture, collector);
    }

    private static void AssertUnharmed(List<(Address Exporter, byte[] Payload)> capture, Collector damaged)
    {
        foreach (Address exporter in capture.Select(d => d.Exporter).Distinct())
            damaged.Decoder.Exporters.Remove(exporter); // whatever templates the damage defined
        Assert.Equal(0, damaged.Decoder.Exporters.TemplateFields);
        var fresh = new Collector();
        foreach ((Address exporter, byte[] payload) in capture)
        {
            Assert.Equal(fresh.Send(payload, exporter) with { Stream = null }, damaged.Send(payload, exporter) with { Stream = null });
            Assert.True(fresh.Batch.Records.SequenceEqual(damaged.Batch.Records));
        }
    }
}
