using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>Captures of real exporters, passed on without their addresses, whole and damaged.</summary>
public class RewritingCorpusTests
{
    private const int MaxFlipsPerCapture = 6_000;

    private static readonly List<(Address Exporter, byte[] Payload)> Fixtures =
    [
        (Collector.Someone, NetFlow1(2, Repeat(NetFlow1Record, 2))),
        (Collector.Someone, NetFlow5(2, Repeat(NetFlow5Record, 2))),
        (Collector.Someone, NetFlow7(2, Repeat(NetFlow7Record, 2))),
        (Collector.Someone, NetFlow9(4, Set(0, SmallTemplate), Set(256, SmallRecord, SmallRecord), Set(1, "0101 0004 0004 0001 0002 0022 0004"))),
        (Collector.Someone, Ipfix(Set(2, SmallTemplate, Template(257, (82, 65535), (8, 4))), Set(3, "0102 0002 0001 0095 0004 0022 0004"),
            Set(256, SmallRecord), Set(257, "03 616263 0A000001"), Set(2, "0101 0000"))),
    ];

    /// <summary>Made of octets that count up, so that addresses stand where none are meant too.</summary>
    private static readonly string[] MadeUp = ["np-v5", "np-v7", "np-multiple-packets", "np-0-length-fields-ipfix"];

    public static TheoryData<string> Captures => [.. Corpus.Captures.Select(capture => capture.Id)];

    [Theory, MemberData(nameof(Captures))]
    public void A_receiver_sees_the_same_flows_with_other_addresses(string id)
    {
        var sender = new Collector();
        var receiver = new Collector();
        foreach ((Address exporter, byte[] payload) in Pcap.Read(Corpus.PathOf(id)))
        {
            byte[]? shown = sender.Rewrite(payload, exporter);
            if (shown is null)
            {
                Assert.NotEmpty(sender.Errors);
                continue;
            }

            receiver.Send(shown, exporter);
            FlowRecord[] seen = receiver.Batch.Records.ToArray();
            Assert.Equal(Rewriter.Turned(sender.Batch.Records.ToArray(), seen), seen);
            if (!MadeUp.Contains(id))
                AssertHasNone(shown, sender.Batch.Records);
        }

        foreach (Exporter exporter in receiver.Decoder.Exporters.ByUse)
            Assert.Equal(sender.Decoder.Exporters.Find(exporter.Address)!.SamplerCount, exporter.SamplerCount);
    }

    [Fact]
    public void Fixtures_with_every_bit_flipped() => FlipBits(Fixtures, int.MaxValue);

    [Theory, MemberData(nameof(Captures))]
    public void Captures_with_bits_flipped(string id) => FlipBits(Pcap.Read(Corpus.PathOf(id)), MaxFlipsPerCapture);

    [Fact]
    public void Octets_of_any_kind_behind_a_valid_start()
        => Gen.Select(Gen.Int[0, Fixtures.Count - 1].Select(i => Fixtures[i]), Gen.Double[0, 1], Gen.Byte.Array[0, 200]).Sample((fixture, part, tail) =>
        {
            var twin = new Collector(batchCapacity: 256);
            AssertTwins(new Collector(batchCapacity: 256), twin, fixture.Exporter, [.. fixture.Payload.AsSpan(0, (int)(part * fixture.Payload.Length)), .. tail]);
        }, iter: 5_000);

    private static void FlipBits(List<(Address Exporter, byte[] Payload)> capture, int maxFlips)
    {
        var collector = new Collector();
        var twin = new Collector();
        int bits = capture.Sum(d => d.Payload.Length * 8);
        int stride = bits <= maxFlips ? 1 : bits / maxFlips | 1;
        int bit = 0;
        foreach ((Address exporter, byte[] payload) in capture)
        {
            AssertTwins(collector, twin, exporter, payload);
            for (; bit < payload.Length * 8; bit += stride)
            {
                byte[] damaged = [.. payload];
                damaged[bit / 8] ^= (byte)(1 << bit % 8);
                AssertTwins(collector, twin, exporter, damaged);
            }

            bit -= payload.Length * 8;
        }
    }

    // The twin knows the same templates, for it gets what is not shown as it is.
    private static void AssertTwins(Collector collector, Collector twin, Address exporter, byte[] datagram)
    {
        byte[]? shown = collector.Rewrite(datagram, exporter);
        twin.Send(shown ?? datagram, exporter);
        FlowRecord[] wanted = collector.Batch.Records.ToArray();
        FlowRecord[] seen = twin.Batch.Records.ToArray();
        FlowRecord[] turned = shown is null ? wanted : [.. Rewriter.Turned(wanted, seen)];
        for (int i = 0; i < turned.Length && i < seen.Length; i++)
            Assert.True(turned[i].Equals(seen[i]), Rewriter.Difference(turned[i], seen[i]));
        Assert.Equal(turned.Length, seen.Length);
        Assert.Equal(collector.Decoder.Exporters.TemplateFields, twin.Decoder.Exporters.TemplateFields);
    }

    // Nowhere in the datagram, not even by accident.
    private static void AssertHasNone(byte[] datagram, ReadOnlySpan<FlowRecord> records)
    {
        Span<byte> octets = stackalloc byte[16];
        foreach (FlowRecord record in records)
        {
            foreach (Address address in new[] { record.SourceAddress, record.DestinationAddress, record.GatewayAddress })
            {
                if (Rewriter.Turned(address) != address)
                    Assert.Equal((address, -1), (address, datagram.AsSpan().IndexOf(octets[..address.Write(octets)])));
            }
        }
    }
}
