using System;
using System.Buffers.Binary;
using System.Linq;
using CsCheck;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>What is worked out from a header once, against looking at each record with care.</summary>
public class RecordLayoutTests
{
    // A record, sound or with up to three octets changed, of which some are in the header, and something behind it.
    private static readonly Gen<byte[]> MaybeDamaged = Gen.Select(Sample.AnyExtended, Gen.UInt, Gen.Select(Gen.OneOf(Gen.Int[0, 7], Gen.Int[0, LogRecord.MaxLength]), Gen.Byte).Array[0, 3], Gen.Int[0, 12])
        .Select((extended, mask, changes, behind) =>
        {
            byte[] octets = [.. Sample.Write(extended.Record, (LogFields)mask & LogFields.Everything, extended.Other), .. new byte[behind]];
            foreach ((int at, byte octet) in changes)
                octets[at % octets.Length] = octet;
            return octets;
        });

    [Fact]
    public void What_is_true_is_true_by_its_layout()
        => MaybeDamaged.Sample(octets =>
        {
            RecordLayout? layout = LayoutOf(octets);
            bool isTrue = LogRecord.Check(octets, out int length) == LogError.None && !LogRecord.IsNewer(octets);
            Assert.Equal(isTrue, layout is not null && layout.IsTrue(octets));
            if (!isTrue)
                return;
            Assert.Equal(length, layout!.Length);
            Assert.Equal((layout.Fields & LogFields.Crc32) != 0, layout.IsChecked);
        }, iter: 20_000);

    // Any header, and records behind each other that have it, of which one may have a bit changed behind it.
    [Fact]
    public void Records_are_true_together_if_each_is()
        => Gen.Select(Sample.AnyExtended.Array[1, 9], Gen.UInt, Gen.Int[0, int.MaxValue], Gen.Bool).Sample((extended, mask, at, isChanged) =>
        {
            byte[] first = Sample.Write(extended[0].Record, (LogFields)mask & LogFields.Everything, extended[0].Other);
            RecordLayout layout = LayoutOf(first)!;
            byte[] records = [.. extended.SelectMany(one => Like(first, one.Record))];
            for (int verified = 0; verified < 256; verified += extended.Length)
                Assert.True(layout.AreTrue(records));
            int octet = at % records.Length;
            if (!isChanged || octet % layout.Length < LogRecord.HeaderLength)
                return;
            records[octet] ^= (byte)(1 << at % 8);
            bool areTrue = true;
            for (int start = 0; start < records.Length; start += layout.Length)
                areTrue &= layout.IsTrue(records.AsSpan(start));
            Assert.Equal(areTrue, layout.AreTrue(records));
        }, iter: 5_000);

    // A record with the same sections, elements included, and the values of another.
    private static byte[] Like(byte[] octets, FlowRecord other)
    {
        LogRecord.Decode(octets, out FlowRecord record);
        FlowRecord changed = record with
        {
            ReceivedSeconds = other.ReceivedSeconds, SourcePort = other.SourcePort, Packets = other.Packets, Octets = other.Octets, FlowStart = other.FlowStart, SourceAs = other.SourceAs,
            FlowStartNanoseconds = other.FlowStartNanoseconds, ApplicationId = other.ApplicationId, Sequence = other.Sequence,
        };
        return Sample.Write(changed, record.Fields, octets.AsSpan(record.OtherOffset, record.OtherLength).ToArray());
    }

    [Fact]
    public void A_cut_record_is_not_true()
        => Sample.AnyExtended.Sample(extended =>
        {
            byte[] octets = Sample.Write(extended.Record, LogFields.Everything, extended.Other);
            RecordLayout layout = LayoutOf(octets)!;
            for (int length = 0; length < octets.Length; length++)
                Assert.False(layout.IsTrue(octets.AsSpan(0, length)));
            Assert.True(layout.IsTrue(octets));
        }, iter: 100);

    // Records come one after the other into the same variable, with the same header or another, and a reader may have changed what it got.
    [Fact]
    public void A_record_is_read_as_if_it_were_the_first()
        => Gen.Select(Sample.AnyExtended, Gen.UInt).Array[1, 6].Sample(rows =>
        {
            FlowRecord reused = default;
            foreach (((FlowRecord Record, byte[] Other) extended, uint mask) in rows)
            {
                byte[] octets = Sample.Write(extended.Record, (LogFields)mask & LogFields.Everything, extended.Other);
                LogRecord.Decode(octets, out FlowRecord expected);
                RecordLayout layout = LayoutOf(octets)!;
                for (int again = 0; again < 2; again++)
                {
                    layout.Decode(octets, LogFields.Everything, ref reused);
                    Assert.Equal(expected, reused);
                    reused.Tag = 77;
                    reused.Fields |= LogFields.Tag;
                }
            }
        }, iter: 2_000);

    [Fact]
    public void The_sections_that_are_wanted_are_read_and_no_others()
        => Gen.Select(Sample.AnyExtended, Gen.UInt, Gen.UInt).Sample((extended, mask, some) =>
        {
            byte[] octets = Sample.Write(extended.Record, (LogFields)mask & LogFields.Everything, extended.Other);
            LogRecord.Decode(octets, out FlowRecord whole);
            var wanted = (LogFields)some;
            FlowRecord expected = default;
            expected.Fields = whole.Fields;
            ReadOnlySpan<byte> wire = octets.AsSpan(LogRecord.HeaderLength);
            foreach (Section section in LogSections.Rows)
            {
                if ((whole.Fields & section.Field) == 0)
                    continue;
                if ((wanted & section.Field) != 0)
                    section.Get(wire[..section.Length], ref expected);
                wire = wire[section.Length..];
            }

            if ((wanted & LogFields.Other) != 0)
                (expected.OtherOffset, expected.OtherLength) = (whole.OtherOffset, whole.OtherLength);
            if ((wanted & LogFields.Crc32) != 0)
                expected.Checksum = whole.Checksum;

            FlowRecord read = default;
            LayoutOf(octets)!.Decode(octets, wanted, ref read);
            Assert.Equal(expected, read);
        }, iter: 5_000);

    [Fact]
    public void Layouts_are_found_again_and_others_take_their_places()
    {
        var layouts = new RecordLayouts();
        for (int round = 0; round < 2; round++)
        {
            for (uint fields = 0; fields < 2000; fields++)
            {
                ulong header = (0x6000_0000ul | (uint)(LogSections.Table.LengthOf((LogFields)fields) / 4) << 16) << 32 | fields;
                RecordLayout? layout = layouts.Find(header);
                Assert.Equal(RecordLayout.Of(header) is null, layout is null);
                Assert.Equal(header, layout?.Header ?? header);
                Assert.Same(layout, layouts.Find(header));
            }
        }
    }

    private static RecordLayout? LayoutOf(ReadOnlySpan<byte> octets) => RecordLayout.Of(BinaryPrimitives.ReadUInt64BigEndian(octets));
}
