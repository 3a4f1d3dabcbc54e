using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using static Flowd.Decode.DecodeError;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>
/// Inputs that broke collectors, one row or more for each class. Before each row an exporter has sent a template; afterwards the errors must
/// be exactly those listed, the whole records must have been kept, and the next good datagrams of the same exporter must decode.
/// </summary>
public class HostileTests
{
    /// <summary>One row: what is sent, how many records are kept of it, and the errors, as many times as they occur.</summary>
    private sealed record Case(string Name, byte[][] Datagrams, int Records, params DecodeError[] Errors)
    {
        public bool KeepsOther { get; init; }
    }

    private static Case Row(string name, byte[] datagram, int records, params DecodeError[] errors) => new(name, [datagram], records, errors);

    private static readonly string Tpl = Set(2, SmallTemplate);
    private static readonly string Data = Set(256, SmallRecord, "000000");

    private static readonly Case[] Cases =
    [
        // Elsewhere these have meant an endless loop: sets that take no room.
        Row("H01 A v9 options set of length 0", Hex.Parse("00090001000003e86553f100000000010000000100010000"), 0, BadSetLength),
        Row("H01 C ipfix options set of length 0", Hex.Parse("000a00146553f100000000010000000100030000"), 0, BadSetLength),
        Row("H01 v9 template set of length 0", NetFlow9(1, "0000 0000"), 0, BadSetLength),
        Row("H01 v9 data set of length 0", NetFlow9(1, "0100 0000"), 0, BadSetLength),
        Row("H01 v9 reserved set of length 0", NetFlow9(1, "0007 0000"), 0, BadSetLength),
        Row("H01 ipfix sets of length 0 after good ones", Ipfix(Tpl, Data, "0100 0000", Data), 1, BadSetLength),
        Row("H01 ipfix reserved set of length 0", Ipfix("0004 0000"), 0, BadSetLength),

        Row("H02 set of length 1", Ipfix(Tpl, Data, "0100 0001"), 1, BadSetLength),
        Row("H02 set of length 2", Ipfix(Tpl, Data, "0100 0002"), 1, BadSetLength),
        Row("H02 set of length 3", Ipfix(Tpl, Data, "0100 0003"), 1, BadSetLength),
        Row("H02 odd set length", Ipfix(Tpl, Set(256, SmallRecord, "00"), Set(256, SmallRecord)), 2),
        Row("H02 set beyond the datagram", Ipfix(Tpl, Data, "0100 0100 0A000001 0A000002 06"), 1, Truncated),
        Row("H02 set of length 65535", NetFlow9(1, "0100 FFFF 0A000001 0A000002 06"), 0, Truncated),
        Row("H02 set header of 1 octet", Ipfix(Tpl, Data, "01"), 1, Truncated),
        Row("H02 set header of 2 octets", Ipfix(Tpl, Data, "0100"), 1, Truncated),
        Row("H02 set header of 3 octets", Ipfix(Tpl, Data, "010000"), 1, Truncated),

        Row("H03 B v9 template without fields, then data",
            Hex.Parse("00090002000003e86553f1000000000100000001000000080100000001000004"), 0, EmptyTemplate, UnknownTemplate),
        Row("H03 v9 template without fields ends the old one", NetFlow9(3, Set(0, SmallTemplate), Set(256, SmallRecord), Set(0, "0100 0000"), Set(256, SmallRecord)),
            1, EmptyTemplate, UnknownTemplate),
        Row("H03 all fields empty", Ipfix(Set(2, Template(256, (8, 0), (12, 0))), Data), 0, EmptyTemplate, UnknownTemplate),
        Row("H03 K one field empty", Ipfix(Set(2, Template(256, (8, 4), (5, 0), (12, 4), (4, 1))), Data), 1),

        Row("H04 field count 65535 in v9", NetFlow9(1, Set(0, "0100 FFFF", Fields((8, 4), (12, 4)))), 0, Truncated),
        Row("H04 field count 65535 in ipfix", Ipfix(Tpl, Data, Set(2, "0100 FFFF", Fields((8, 4))), Data), 1, Truncated, UnknownTemplate),
        Row("H04 options field count 65535", Ipfix(Set(3, "0100 FFFF 0001", Fields((8, 4))), Data), 0, Truncated, UnknownTemplate),
        Row("H04 field specifier cut", Ipfix(Set(2, "0100 0002", Fields((8, 4)), "000C"), Data), 0, Truncated, UnknownTemplate),

        .. WrongLengths(),

        Row("H06 enterprise number cut off", Ipfix(Set(2, "0100 0002 0008 0004 8001 0004 0000"), Data), 0, Truncated, UnknownTemplate),
        Row("H06 enterprise number 0", Ipfix(Set(2, "0100 0004 8008 0004 00000000", Fields((8, 4), (12, 4), (4, 1))), Set(256, "FFFFFFFF", SmallRecord)), 1),
        Row("H06 reverse element", Ipfix(Set(2, "0100 0004 8001 0008 00007279", Fields((8, 4), (12, 4), (4, 1))), Set(256, "FFFFFFFFFFFFFFFF", SmallRecord)), 1),
        Row("H06 unknown element of 29305", Ipfix(Set(2, "0100 0004 FFFF 0002 00007279", Fields((8, 4), (12, 4), (4, 1))), Set(256, "FFFF", SmallRecord)), 1),

        Row("H07 F variable length", Ipfix(Set(2, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001 03 616263")), 1),
        Row("H07 long length past the end", Ipfix(Set(2, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001 00 0A000002 FF FFFF 61")), 1, Truncated),
        Row("H07 long length cut", Ipfix(Set(2, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001 00 0A000002 FF 00")), 1, Truncated),
        Row("H07 long length of 0", Ipfix(Set(2, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001 FF 0000")), 1),
        Row("H07 long form of 3", Ipfix(Set(2, Template(256, (82, 65535), (8, 4))), Set(256, "FF 0003 616263 0A000001")), 1),
        Row("H07 short form of 255", Ipfix(Set(2, Template(256, (82, 65535), (8, 4))), Set(256, "FF 00FF", Repeat("61", 255), "0A000001")), 1),
        Row("H07 nothing left for the last field", Ipfix(Set(2, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001")), 0),
        Row("H07 length in v9", NetFlow9(2, Set(0, Template(256, (8, 4), (82, 65535))), Set(256, "0A000001 03 616263")), 1),

        Row("H08 only variable fields", Ipfix(Set(2, Template(256, (82, 65535), (83, 65535))), Set(256, "00 00 01 61 00")), 0, NothingToKeep, NothingToKeep),
        Row("H08 only variable fields, cut", Ipfix(Set(2, Template(256, (82, 65535), (83, 65535))), Set(256, "00 05")), 0, Truncated),

        Row("H09 I template set with padding of 2", NetFlow9(2, Set(0, SmallTemplate, "0000"), Set(256, SmallRecord)), 1),
        Row("H09 template set with padding of 1", Ipfix(Set(2, SmallTemplate, "00"), Data), 1),
        Row("H09 template set with padding of 3", Ipfix(Set(2, SmallTemplate, "FFFFFF"), Data), 1),
        Row("H09 template set with 4 zeros", NetFlow9(2, Set(0, SmallTemplate, "00000000"), Set(256, SmallRecord)), 1),
        Row("H09 template set with 11 zeros", Ipfix(Set(2, SmallTemplate, Repeat("00", 11)), Data), 1),
        Row("H09 options set with zeros", Ipfix(Tpl, Set(3, "0101 0002 0001", Fields((149, 4), (41, 8)), Repeat("00", 6)), Data), 1),
        Row("H09 withdrawal with padding", Ipfix(Set(2, "0101 0000 000000"), Tpl, Data), 1),
        Row("H09 data set with padding", Ipfix(Tpl, Set(256, SmallRecord, "000000")), 1),

        Row("H10 template 0", Ipfix(Set(2, Template(0, (8, 4)), SmallTemplate), Data), 1, BadTemplateId),
        Row("H10 template 1", Ipfix(Set(2, Template(1, (8, 4)), SmallTemplate), Data), 1, BadTemplateId),
        Row("H10 template 255", NetFlow9(1, Set(0, Template(255, (8, 4)), SmallTemplate), Set(256, SmallRecord)), 1, BadTemplateId),
        Row("H10 data set 4", Ipfix(Set(4, SmallRecord), Tpl, Data), 1, ReservedSet),
        Row("H10 data set 255", NetFlow9(1, Set(255, SmallRecord)), 0, ReservedSet),
        Row("H10 v9 sets in ipfix", Ipfix(Set(0, SmallTemplate), Set(1, "0100 0004 0004"), Tpl, Data), 1, ReservedSet, ReservedSet),

        new("H11 D withdrawal, then data", [Hex.Parse("000a00186553f10000000001000000010002000801000000"), IpfixOf(1, 29, Set(256, SmallRecord))], 0, UnknownTemplate),
        Row("H11 withdrawal of one", Ipfix(Tpl, Data, Set(2, "0100 0000"), Data), 1, UnknownTemplate),
        Row("H11 withdrawal of all", Ipfix(Tpl, Data, Set(2, "0002 0000"), Data), 1, UnknownTemplate),
        Row("H11 withdrawal of all options templates", Ipfix(Tpl, Set(3, "0101 0002 0001", Fields((149, 4), (41, 8))), Set(3, "0003 0000"), Data, Set(257, "00")), 1, UnknownTemplate),
        Row("H11 withdrawal of an unknown one", Ipfix(Set(2, "0200 0000"), Tpl, Data), 1),
        Row("H11 withdrawal among templates", Ipfix(Set(2, SmallTemplate, "0100 0000", Template(257, (4, 1))), Data, Set(257, "06")), 1, UnknownTemplate),
        Row("H11 withdrawal of 3 in a set of data templates", Ipfix(Set(2, "0003 0000"), Tpl, Data), 1, BadTemplateId),

        Row("H12 redefined between two data sets",
            Ipfix(Tpl, Set(256, SmallRecord), Set(2, Template(256, (12, 4), (8, 4))), Set(256, "0A000001 0A000002", "0A000001 0A000002")), 3),

        Row("H13 scope length 3", NetFlow9(1, Set(1, "0100 0003 0004", "00010004", "00220004"), Set(256, SmallRecord)), 0, BadOptionsTemplate, UnknownTemplate),
        Row("H13 option length 6", NetFlow9(1, Set(1, "0100 0004 0006", "00010004", "00220004"), Set(256, SmallRecord)), 0, BadOptionsTemplate, UnknownTemplate),
        Row("H13 options past the set", NetFlow9(1, Set(1, "0101 0004 0100", "00010004", "00220004"), Set(0, SmallTemplate), Set(256, SmallRecord)), 1, Truncated),
        Row("H13 lengths that add up over 16 bits", NetFlow9(1, Set(1, "0100 FFFC FFFC", "00010004", "00220004"), Set(256, SmallRecord)), 0, Truncated, UnknownTemplate),
        Row("H13 neither scope nor options", NetFlow9(1, Set(1, "0100 0000 0000", "00"), Set(256, SmallRecord)), 0, EmptyTemplate, UnknownTemplate),
        Row("H13 scope field of length 0", NetFlow9(2, Set(1, "0101 0004 0004", "00010000", "00220004"), Set(257, "00000064")), 0),

        Row("H14 scope count 0", Ipfix(Tpl, Set(3, "0101 0001 0000", Fields((41, 8))), Data), 1, BadOptionsTemplate),
        Row("H14 scope count over field count", Ipfix(Tpl, Set(3, "0100 0001 0002", Fields((41, 8)), "0101 0001 0001", Fields((41, 8))), Data, Set(257, Repeat("00", 8))),
            0, BadOptionsTemplate, UnknownTemplate),
        Row("H14 counts of 65535", Ipfix(Tpl, Set(3, "0101 FFFF FFFF", Fields((41, 8))), Data), 1, Truncated),

        Row("H15 O options take over the number of data", Ipfix(Tpl, Data, Set(3, "0100 0002 0001", Fields((149, 4), (41, 8))), Set(256, Repeat("00", 12))), 1),
        Row("H15 data take over the number of options", Ipfix(Set(3, "0100 0002 0001", Fields((149, 4), (41, 8))), Set(256, Repeat("00", 12)), Tpl, Data), 1),
        Row("H15 in v9", NetFlow9(2, Set(1, "0100 0004 0004", "00010004", "00220004"), Set(256, "00000000 00000064")), 0),

        Row("H16 options data with no record", Ipfix(Set(3, "0101 0002 0001", Fields((149, 4), (41, 8))), Set(257), Tpl, Data), 1),
        Row("H16 4096 options records", Ipfix(Set(3, "0101 0002 0001", Fields((149, 4), (41, 8))), Set(257, Repeat("00", 12 * 4096)), Tpl, Data), 1),
        Row("H16 unknown scope", NetFlow9(3, Set(1, "0101 0004 0004", "FFFF0004", "00220004"), Set(257, Repeat("00", 8)), Set(0, SmallTemplate)), 0),

        Row("H17 an element a hundred times", Ipfix(Set(2, Template(256, [.. Enumerable.Repeat((8, 4), 100)])), Set(256, "0A000001", Repeat("0A000002", 99))), 1),

        Row("H18 structured data are skipped", Ipfix(Set(2, Template(256, (291, 65535), (292, 65535), (293, 65535), (8, 4))),
            Set(256, "05 FF000800FF 04 0001 0100 03 FF 0100 0A000001")), 1),

        Row("H19 H records of one octet", Ipfix(Set(2, Template(256, (4, 1))), Set(256, Repeat("06", 1400))), 1400),
        Row("H19 records of one octet in the largest datagram", Ipfix(Set(2, Template(256, (4, 1))), Set(256, Repeat("06", 65535 - 32))), 8192, BatchFull),
        Row("H19 records with nothing to keep", Ipfix(Set(2, Template(256, (33, 1))), Set(256, "00 00 00")), 0, NothingToKeep, NothingToKeep, NothingToKeep),
        Row("H19 16 templates of 1000 records", Ipfix(Set(2, [.. Enumerable.Range(256, 16).Select(i => Template(i, (4, 1)))]),
            string.Concat(Enumerable.Range(256, 16).Select(i => Set(i, Repeat("06", 1000))))), 8192, BatchFull),

        Row("H20 v5 announces 30, has 28", NetFlow5(30, Repeat(NetFlow5Record, 28)), 0, LengthMismatch),
        Row("H20 v5 announces 28, has 30", NetFlow5(28, Repeat(NetFlow5Record, 30)), 28, TrailingOctets),
        Row("H20 v5 announces 0", NetFlow5(0, NetFlow5Record), 0, BadCount),
        Row("H20 v5 announces 31", NetFlow5(31, Repeat(NetFlow5Record, 31)), 0, BadCount),
        Row("H20 v5 announces 65535", NetFlow5(65535, NetFlow5Record), 0, BadCount),
        Row("H20 v7 announces 29", NetFlow7(29, Repeat(NetFlow7Record, 29)), 0, BadCount),
        Row("H20 v7 announces 2, has 1", NetFlow7(2, NetFlow7Record), 0, LengthMismatch),
        Row("H20 v1 announces 25", NetFlow1(25, Repeat(NetFlow1Record, 25)), 0, BadCount),
        Row("H20 v1 announces 2, has 1", NetFlow1(2, NetFlow1Record), 0, LengthMismatch),
        Row("H20 v1 announces 1, has 2", NetFlow1(1, Repeat(NetFlow1Record, 2)), 1, TrailingOctets),

        Row("H21 J v5 with one octet more", NetFlow5(1, NetFlow5Record, "FF"), 1, TrailingOctets),
        Row("H21 v1 with one octet more", NetFlow1(1, NetFlow1Record, "FF"), 1, TrailingOctets),
        Row("H21 v7 with garbage", NetFlow7(1, NetFlow7Record, Repeat("5A", 99)), 1, TrailingOctets),
        Row("H21 v9 filled with zeros", NetFlow9(2, Set(0, SmallTemplate), Set(256, SmallRecord), Repeat("00", 64)), 1, BadSetLength),
        Row("H21 ipfix with octets behind the message", [.. Ipfix(Tpl, Data), 0xFF, 0xFF, 0xFF], 1, TrailingOctets),
        Row("H21 ipfix filled with zeros", [.. Ipfix(Tpl, Data), .. new byte[32]], 1, TrailingOctets),

        Row("H22 length over the datagram", IpfixOf(42, 200, Tpl, Data), 1, LengthMismatch),
        Row("H22 length over the datagram, last set cut", IpfixOf(42, 68, Tpl, Data, "0100 000D 0A000001"), 1, LengthMismatch, Truncated),
        Row("H22 length below the header", IpfixOf(42, 15, Tpl, Data), 0, LengthMismatch),
        Row("H22 length 0", IpfixOf(42, 0, Tpl, Data), 0, LengthMismatch),
        Row("H22 length cuts a set", IpfixOf(42, 16 + 20 + 16, Tpl, Data, Data), 1, TrailingOctets),
        Row("H22 two messages", [.. Ipfix(Tpl, Data), .. Ipfix(Data)], 2),
        Row("H22 two messages, the second cut", [.. Ipfix(Tpl, Data), .. Ipfix(Data).AsSpan(0, 30)], 1, LengthMismatch, Truncated),
        Row("H22 v9 count too small", NetFlow9(0, Set(0, SmallTemplate), Set(256, SmallRecord)), 1, CountMismatch),
        Row("H22 v9 count too large", NetFlow9(65535, Set(0, SmallTemplate), Set(256, SmallRecord)), 1, CountMismatch),

        .. Lengths(),
        .. Versions(),
        .. Large(),

        Row("P IPv4 address of 2 octets", Ipfix(Set(2, Template(256, (8, 2), (4, 1))), Set(256, "0A01 06")), 1, BadFieldLength),
        Row("E tcp flags of 2 octets", Ipfix(Set(2, Template(256, (6, 2))), Set(256, "0012")), 1),
        new("L nine templates in a domain", [Ipfix(Set(2, [.. Enumerable.Range(256, 9).Select(i => Template(i, (4, 1)))])), Ipfix(Set(256, "06"), Set(264, "06"))], 2),
        new("M data after 130 others", [Ipfix(Tpl), Ipfix(Data)], 1),
        Row("N message over 2048 octets", Ipfix(Tpl, Set(256, Repeat(SmallRecord, 300))), 300),

        new("H29 data without template, forever", [.. Enumerable.Repeat(Ipfix(Set(999, SmallRecord)), 50)], 0, [.. Enumerable.Repeat(UnknownTemplate, 50)]),
    ];

    // H05: the element with an impossible length is left out, its neighbours stay right.
    private static IEnumerable<Case> WrongLengths()
    {
        (int Element, int[] Bad, int[] Good)[] rows =
        [
            (8, [2, 3, 5, 16, 50], [4]),
            (27, [4, 15, 17], [16]),
            (7, [4, 8], [1, 2]),
            (1, [9, 16], [3, 5, 7, 8]),
            (2, [9, 16], [1, 2, 4]),
            (4, [2], [1]),
            (10, [5, 8], [2, 4]),
            (22, [9, 16], [2, 4, 5, 8]),
            (152, [4, 9], [8]),
            (9, [2], [1]),
            (1, [65535], []),
        ];
        foreach ((int element, int[] bad, int[] good) in rows)
        {
            foreach (int length in bad)
                yield return Row($"H05 element {element} of {length} octets", WithField(element, length), 1, BadFieldLength);
            foreach (int length in good)
                yield return Row($"H05 element {element} of {length} octets", WithField(element, length), 1);
        }

        yield return Row("H05 element 150 of 8 octets", WithField(150, 8), 1, BadFieldLength);
        yield return Row("H31 a flow of the year 2106", WithField(150, 4), 1, OddTime);
        yield return new("H31 a flow of 1970", [NetFlow9(2, Set(0, Template(256, (150, 4), (151, 4), (4, 1))), Set(256, "00000001 00000002 06"))], 1, OddTime);
        yield return new("H43 elements too long to be kept", [Ipfix(Set(2, Template(256, (82, 65535), (4, 1))), Set(256, "FF 0400", Repeat("41", 1024), "06"))], 1, OtherTooLong) { KeepsOther = true };
        yield return Row("H05 MAC address of 4 octets", WithField(56, 4), 1, BadFieldLength);
    }

    private static byte[] WithField(int element, int length)
        => Ipfix(Set(2, Template(256, (element, length), (12, 4), (5, 1))), Set(256, length == 65535 ? "02 FFFF" : Repeat("FF", length), "0A000002 10"));

    // H23: short datagrams.
    private static IEnumerable<Case> Lengths()
    {
        byte[][] valid = [NetFlow1(1, NetFlow1Record), NetFlow5(1, NetFlow5Record), NetFlow7(1, NetFlow7Record), NetFlow9(1, Set(0, SmallTemplate)), Ipfix(Tpl)];
        int[] headers = [16, 24, 24, 20, 16];
        int[] lengths = [0, 1, 2, 3, 4, 15, 16, 19];
        for (int i = 0; i < valid.Length; i++)
        {
            foreach (int length in lengths.Where(l => l < headers[i]))
                yield return Row($"H23 version {valid[i][1]} of {length} octets", valid[i][..length], 0, Truncated);
        }

        yield return Row("H23 v1 header alone", valid[0][..16], 0, LengthMismatch);
        yield return Row("H23 ipfix header alone", valid[4][..16], 0, LengthMismatch);
        yield return Row("H23 v9 header and no set", NetFlow9(0), 0);
    }

    // H23: versions that we do not speak; sFlow's first word is 0.
    private static IEnumerable<Case> Versions()
        => from version in new[] { 0, 2, 3, 4, 6, 8, 11, 255, 256, 2304, 65535 }
           select Row($"H23 version {version}", Hex.Parse(U16(version), Repeat("0001", 40)), 0, UnknownVersion);

    // H24: sizes up to the largest datagram.
    private static IEnumerable<Case> Large()
    {
        foreach (int length in new[] { 1472, 2048, 2049, 9000, 9001, 65507 })
        {
            int records = (length - 40) / 9;
            yield return Row($"H24 datagram of {length} octets", Ipfix(Tpl, Set(256, Repeat(SmallRecord, records), Repeat("00", length - 40 - records * 9))), records);
            yield return Row($"H24 v5 of {length} octets", NetFlow5(30, Repeat("00", length - 24)), length >= 1464 ? 30 : 0, TrailingOctets);
        }
    }

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Hostile(string name)
    {
        Case row = Cases.Single(c => c.Name == name);
        var collector = new Collector();
        collector.Decoder.KeepsOther = row.KeepsOther;
        int records = 0;
        var first = None;
        foreach (byte[] datagram in row.Datagrams)
        {
            DecodeError error = collector.Send(datagram).Error;
            first = first == None ? error : first;
            records += collector.Batch.Count;
        }

        Assert.Equal(row.Errors.GroupBy(e => e).ToDictionary(g => g.Key, g => (ulong)g.Count()), collector.Errors);
        Assert.Equal(row.Errors.FirstOrDefault(), first);
        Assert.Equal(row.Records, records);
        AssertGoodDatagramsDecode(collector);
    }

    private static void AssertGoodDatagramsDecode(Collector collector)
    {
        byte[][] good =
        [
            NetFlow1(1, NetFlow1Record), NetFlow5(1, NetFlow5Record), NetFlow7(1, NetFlow7Record),
            NetFlow9(2, Set(0, SmallTemplate), Set(256, SmallRecord)), Ipfix(Tpl, Set(256, SmallRecord)),
        ];
        foreach (byte[] datagram in good)
        {
            Assert.Equal(None, collector.Send(datagram).Error);
            Assert.Equal(1, collector.Batch.Count);
            Assert.Equal("10.0.0.1 10.0.0.2 6",
                $"{collector.Batch.Records[0].SourceAddress} {collector.Batch.Records[0].DestinationAddress} {collector.Batch.Records[0].Protocol}");
        }
    }

    [Fact]
    public void Wrong_lengths_leave_the_neighbours_right()
    {
        foreach (int length in new[] { 2, 3, 5, 16, 50 })
        {
            var collector = new Collector();
            collector.Send(WithField(8, length));
            Assert.Equal("(none) 10.0.0.2 16",
                $"{collector.Batch.Records[0].SourceAddress} {collector.Batch.Records[0].DestinationAddress} {collector.Batch.Records[0].TypeOfService}");
        }
    }

    [Fact]
    public void Redefinition_takes_effect_at_once()
    {
        var collector = new Collector();
        collector.Send(Cases.Single(c => c.Name.StartsWith("H12", StringComparison.Ordinal)).Datagrams[0]);
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.2"], collector.Batch.Records.ToArray().Select(r => r.SourceAddress.ToString()));
    }

    [Fact]
    public void Reverse_counters_are_not_forward_counters()
    {
        var collector = new Collector();
        collector.Send(Cases.Single(c => c.Name == "H06 reverse element").Datagrams[0]);
        Assert.False(collector.Batch.Records[0].Fields.HasFlag(Records.LogFields.Octets));
    }

    // Every class that concerns datagrams has a row; H26, H27 and H30 are in StateTests, H25 in DamageTests, H31 in FlowTimeTests.
    [Fact]
    public void No_class_is_missing()
    {
        int[] elsewhere = [25, 26, 27, 28];
        for (int i = 1; i <= 29; i++)
            Assert.True(elsewhere.Contains(i) || Cases.Any(c => c.Name.StartsWith($"H{i:00} ", StringComparison.Ordinal)), $"H{i:00}");
    }

    [Fact]
    public void Every_error_has_a_row_and_a_text()
    {
        foreach (DecodeError error in Enum.GetValues<DecodeError>())
        {
            Assert.NotEmpty(DecodeErrorText.Describe(error));
            if (error is not (None or TemplateTooLarge or UnknownAddressType or BadSample or OutputFull)) // of sFlow: SFlowTests; of output: OutputBoundTests
                Assert.Contains(Cases, c => c.Errors.Contains(error));
        }

        Assert.Equal(Enum.GetValues<DecodeError>().Length, DecodeErrorText.Count);
    }
}
