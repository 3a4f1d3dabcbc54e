using System;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>What is saved comes back as it was, and damage to it does no harm.</summary>
public class DecoderStateTests
{
    private static readonly Address Other = Address.FromIPv6(0x20010DB8_00000000, 1);

    private static byte[] Save(Collector collector, int room = 1 << 20)
    {
        var state = new byte[room];
        return state[..DecoderState.Write(collector.Decoder.Exporters, state)];
    }

    private static Collector Sample()
    {
        var collector = new Collector();
        collector.Send(NetFlow5(1, NetFlow5Record), Address.FromIPv4(1));
        collector.Send(NetFlow9(2, Set(0, SmallTemplate, Template(300, (82, 65535), (27, 16)))), Other);
        collector.Send(Ipfix(Set(2, "0100 0002 8001 0004 00007279 0008 0004"), Set(3, "0101 0003 0001 0095 0004 0030 0001 0022 0002"),
            Set(257, "0000002A 05 03E8", "0000002A 06 01F4")));
        return collector;
    }

    private static (StateError, Collector) Load(ReadOnlySpan<byte> state, DecodeLimits? limits = null)
    {
        var collector = new Collector(limits);
        return (DecoderState.TryRead(state, collector.Decoder), collector);
    }

    [Fact]
    public void Layout()
    {
        var collector = new Collector();
        collector.Send(NetFlow9(2, Set(0, Template(256, (8, 4))), Set(1, "0101 0004 0004 0001 0004 0022 0004"), Set(257, "00000001 00000064")));
        string expected = """
            666C7764 0003 0000 00000001
            04 C000020A 6553F101 6553F101 0009 00000002 00000001
            0009 0000002A 0100 0000 0000 0001 0000000000000000  00000000 0008 0004
            0009 0000002A 0101 0001 0001 0002 0000000000000000  00000000 0001 0004  00000000 0022 0004
            0009 0000002A 0000000000000000 0000000000000064 0000000000000001 00
            """;
        Assert.Equal(Convert.ToHexString(Hex.Parse(expected)), Convert.ToHexString(Save(collector)));
    }

    [Fact]
    public void Data_decode_at_once_and_nothing_counts_as_received()
    {
        (StateError error, Collector loaded) = Load(Save(Sample()));
        Assert.Equal(StateError.None, error);
        Exporter[] exporters = [.. loaded.Decoder.Exporters.ByUse];
        Assert.Equal([Collector.Someone, Other, Address.FromIPv4(1)], exporters.Select(e => e.Address));
        Assert.Equal([10, 9, 5], exporters.Select(e => (int)e.LastVersion));
        Assert.All(exporters, e => Assert.Equal((0ul, 0ul, 1_700_000_001u, 1_700_000_001u), (e.Datagrams, e.Records, e.FirstSeenSeconds, e.LastSeenSeconds)));
        Assert.Equal((0, 2), (loaded.Decoder.Exporters.StreamCount, exporters[0].SamplerCount));
        Assert.Empty(loaded.Errors);

        Assert.Equal(DecodeError.None, loaded.Send(NetFlow9(1, Set(256, SmallRecord)), Other).Error);
        Assert.Equal("10.0.0.1", loaded.Batch.Records[0].SourceAddress.ToString());
        DecodeResult result = loaded.Send(Ipfix(Set(256, "00000000 0A000001"), Set(257, Repeat("00", 7))));
        Assert.Equal((DecodeError.None, 0ul, "1 of 1000"), (result.Error, result.Stream!.SamplingUnknown, result.Stream.Sampling?.ToString()));
        Assert.Equal("10.0.0.1", loaded.Batch.Records[0].SourceAddress.ToString());
    }

    [Fact]
    public void Announcing_what_was_loaded_is_no_change()
    {
        var collector = new Collector();
        byte[] datagram = Ipfix(Set(2, SmallTemplate), Set(3, "0101 0002 0001 0095 0004 0022 0001"), Set(257, "0000002A 0A"));
        collector.Send(datagram);
        Assert.Equal(3ul, collector.Decoder.Exporters.TemplatesChanged);
        (_, Collector loaded) = Load(Save(collector));
        ulong before = loaded.Decoder.Exporters.TemplatesChanged;
        loaded.Send(datagram);
        loaded.Send(Ipfix(Set(2, "0200 0000"))); // withdraws what is not there
        Assert.Equal(before, loaded.Decoder.Exporters.TemplatesChanged);
        loaded.Send(Ipfix(Set(2, "0100 0000")));
        Assert.Equal(before + 1, loaded.Decoder.Exporters.TemplatesChanged);
    }

    private static readonly Gen<(Address Exporter, byte[] Datagram)> Datagrams = Gen.Select(
        Gen.Int[0, 12], Gen.Bool, Gen.UInt[0, 3], Gen.Int[256, 262], Gen.Select(Gen.Int[1, 350], Gen.Int[0, 12]).Array[1, 12], Gen.Int[0, 3])
        .Select((exporter, isNetFlow9, domain, id, fields, kind) =>
        {
            Address address = exporter % 2 == 0 ? Address.FromIPv4((uint)exporter) : Address.FromIPv6(0x20010DB8_00000000, (ulong)exporter);
            fields[0].Item2 = 4; // one at least takes room
            string set = kind switch
            {
                0 when isNetFlow9 => Set(1, U16(id), "0004", U16(fields.Length * 4), "0001 0004", Fields(fields)),
                0 => Set(3, U16(id), U16(fields.Length + 1), "0001 0095 0004", Fields(fields)),
                1 => Set(id, Repeat("00000001", 8)),
                _ => Set(isNetFlow9 ? 0 : 2, Template(id, fields)),
            };
            byte[] datagram = isNetFlow9 ? NetFlow9(1, set) : IpfixOf(domain, 16 + Hex.Parse(set).Length, set);
            if (isNetFlow9)
                datagram[19] = (byte)domain;
            return (address, datagram);
        });

    [Fact]
    public void Round_trip()
        => Datagrams.Array[0, 60].Sample(datagrams =>
        {
            var limits = new DecodeLimits { Exporters = 8, Templates = 6, Samplers = 3 };
            var collector = new Collector(limits);
            foreach ((Address exporter, byte[] datagram) in datagrams)
                collector.Send(datagram, exporter);
            byte[] saved = Save(collector);
            (StateError error, Collector loaded) = Load(saved, limits);
            Assert.Equal(StateError.None, error);
            Assert.Equal(Convert.ToHexString(saved), Convert.ToHexString(Save(loaded)));
            Assert.Equal(collector.Decoder.Exporters.TemplateFields, loaded.Decoder.Exporters.TemplateFields);

            // Both go on as one: what decodes here decodes there.
            foreach ((Address exporter, byte[] datagram) in datagrams)
            {
                Assert.Equal(collector.Send(datagram, exporter).Error, loaded.Send(datagram, exporter).Error);
                Assert.True(collector.Batch.Records.SequenceEqual(loaded.Batch.Records));
            }
        }, iter: 500);

    [Fact]
    public void Whole_exporters_are_written_while_they_fit()
    {
        Collector sample = Sample();
        int all = Save(sample).Length;
        for (int room = 0; room <= all; room++)
        {
            byte[] state = Save(sample, room);
            Assert.Equal(room >= 12, state.Length > 0);
            if (state.Length == 0)
                continue;
            (StateError error, Collector loaded) = Load(state);
            Assert.Equal(StateError.None, error);
            Assert.Equal(room == all ? 3 : Math.Min(loaded.Decoder.Exporters.Count, 2), loaded.Decoder.Exporters.Count);
        }
    }

    [Fact]
    public void Limits_in_force_hold_and_keep_what_was_used_last()
    {
        var collector = new Collector();
        for (uint i = 0; i < 50; i++)
            collector.Send(IpfixOf(1, 16 + 12 + 12, Set(2, Template(256, (4, 1))), Set(2, Template(257, (4, 1)))), Address.FromIPv4(i));
        (_, Collector few) = Load(Save(collector), new DecodeLimits { Exporters = 5 });
        Assert.Equal([49ul, 48, 47, 46, 45], few.Decoder.Exporters.ByUse.Select(e => e.Address.Low));
        (_, Collector small) = Load(Save(collector), new DecodeLimits { TemplateFields = 96 });
        Assert.Equal([2, 2, 2, 0], small.Decoder.Exporters.ByUse.Take(4).Select(e => e.TemplateCount));
        (StateError error, _) = Load(Save(Sample()), new DecodeLimits { FieldsPerTemplate = 1 });
        Assert.Equal(StateError.BadTemplate, error);
    }

    [Fact]
    public void Every_truncation_keeps_what_is_whole()
    {
        byte[] state = Save(Sample());
        for (int length = 0; length < state.Length; length++)
        {
            (StateError error, Collector loaded) = Load(state.AsSpan(0, length));
            Assert.Equal(StateError.Truncated, error);
            Assert.InRange(loaded.Decoder.Exporters.Count, 0, 2);
        }

        (StateError longer, _) = Load([.. state, .. new byte[100]]); // as from a file or a mapping of fixed size
        Assert.Equal(StateError.None, longer);
    }

    [Fact]
    public void No_single_bit_does_harm()
    {
        byte[] state = Save(Sample());
        var limits = new DecodeLimits { Exporters = 2, Templates = 3, TemplateFields = 64, FieldsPerTemplate = 8, Samplers = 2 };
        for (int bit = 0; bit < state.Length * 8; bit++)
        {
            state[bit / 8] ^= (byte)(1 << bit % 8);
            (_, Collector loaded) = Load(state, limits);
            state[bit / 8] ^= (byte)(1 << bit % 8);
            ExporterTable exporters = loaded.Decoder.Exporters;
            Assert.InRange(exporters.Count, 0, 2);
            Assert.InRange(exporters.TemplateFields, 0, 64);
            Assert.All(exporters.ByUse, e => Assert.True(e.TemplateCount <= 3 && e.SamplerCount <= 2));
            loaded.Send(NetFlow9(1, Set(256, SmallRecord), Set(300, Repeat("03", 40))), Other);
        }
    }

    [Fact]
    public void Anything_may_be_read()
        => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 40]).Sample((octets, keep) =>
        {
            byte[] state = [.. Save(Sample()).AsSpan(0, keep), .. octets];
            Load(state);
        }, iter: 3_000);

    [Theory]
    [InlineData("", StateError.Truncated)]
    [InlineData("666C7763 0001 0000 00000000", StateError.BadMagic)]
    [InlineData("666C7764 0002 0000 00000000", StateError.BadVersion)]
    [InlineData("666C7764 0003 0000 00000000", StateError.None)]
    [InlineData("666C7764 0003 0000 FFFFFFFF", StateError.Truncated)]
    [InlineData("666C7764 0003 0000 00000001 05", StateError.BadAddress)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 FFFFFFFF 00000000", StateError.Truncated)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000001 00000000 0009 00000001 00FF 0000 0000 0001 0000000000000000 00000000 0008 0004", StateError.BadTemplate)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000001 00000000 0005 00000001 0100 0000 0000 0001 0000000000000000 00000000 0008 0004", StateError.BadTemplate)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000001 00000000 0009 00000001 0100 0000 0001 0001 0000000000000000 00000000 0008 0004", StateError.BadTemplate)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000001 00000000 0009 00000001 0100 0002 0000 0001 0000000000000000 00000000 0008 0004", StateError.BadTemplate)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000001 00000000 0009 00000001 0100 0000 0000 0000 0000000000000000", StateError.BadTemplate)]
    [InlineData("666C7764 0003 0000 00000001 04 0A000001 00000001 00000002 0009 00000000 00000001 0009 00000001 0000000000000001 0000000000000000 0000000000000001 00", StateError.BadSampler)]
    public void Errors(string state, StateError expected)
        => Assert.Equal(expected, Load(Hex.Parse(state)).Item1);
}
