using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using Flowd.Platform;
using Flowd.Receive.Captures;

namespace Flowd.Tests;

/// <summary>Captures and IPFIX files: every format and byte order, fragments, and whatever may be wrong with a file.</summary>
public class CaptureTests
{
    private static readonly byte[] Payload = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    private readonly record struct Read(string Source, string Time, byte[] Octets);

    [Theory]
    [InlineData(0xA1B2C3D4u, false)]
    [InlineData(0xA1B2C3D4u, true)]
    [InlineData(0xA1B23C4Du, false)]
    [InlineData(0xA1B23C4Du, true)]
    [InlineData(0xA1B2CD34u, false)]
    public void Pcap_of_either_byte_order_and_resolution(uint magic, bool isBig)
    {
        byte[] file = Pcap(magic, isBig, 1, Ethernet(Udp4(Payload)), Ethernet(Udp6(Payload)));
        Assert.Equal(["[192.0.2.1]:2055", "[2001:db8::1]:2055"], All(file).Select(read => read.Source));
        Assert.All(All(file), read => Assert.Equal(("1700000000.250000", true), (read.Time, read.Octets.SequenceEqual(Payload))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_of_either_byte_order_with_all_kinds_of_packets(bool isBig)
    {
        byte[] packet = Ethernet(Udp4(Payload));
        ulong nanoseconds = 1_700_000_000_250_000_000;
        byte[] file =
        [
            .. Section(isBig),
            .. Block(isBig, 1, [.. U16(isBig, 1), 0, 0, .. U32(isBig, 0)]), // microseconds
            .. Block(isBig, 1, [.. U16(isBig, 1), 0, 0, .. U32(isBig, 0), .. U16(isBig, 9), .. U16(isBig, 1), 9, 0, 0, 0, .. U16(isBig, 14), .. U16(isBig, 8), .. U64(isBig, 10), 0, 0, 0, 0]),
            .. Block(isBig, 5, [1, 2, 3, 4]), // statistics
            .. Enhanced(isBig, 0, nanoseconds / 1000, packet),
            .. Enhanced(isBig, 1, nanoseconds - 10_000_000_000, packet),
            .. Block(isBig, 2, [.. U16(isBig, 0), 0, 0, .. U32(isBig, (uint)(nanoseconds / 1000 >> 32)), .. U32(isBig, unchecked((uint)(nanoseconds / 1000))), .. U32(isBig, (uint)packet.Length), .. U32(isBig, (uint)packet.Length), .. Fill(packet)]),
            .. Block(isBig, 3, [.. U32(isBig, (uint)packet.Length), .. Fill(packet)]),
            .. Section(!isBig), // which begins anew, with another byte order
            .. Block(!isBig, 1, [.. U16(!isBig, 101), 0, 0, .. U32(!isBig, 0)]),
            .. Enhanced(!isBig, 0, nanoseconds / 1000, Udp4(Payload)),
        ];
        List<Read> reads = All(file);
        Assert.Equal(["1700000000.250000", "1700000000.250000", "1700000000.250000", "0.000000", "1700000000.250000"], reads.Select(read => read.Time));
        Assert.All(reads, read => Assert.Equal(Payload, read.Octets));
    }

    [Theory]
    [InlineData(1, "ffffffffffff 020000000001 8100 0064 88a8 0065 0800")]
    [InlineData(113, "0000 0001 0006 0200000000010000 0800")]
    [InlineData(276, "0800 0000 00000002 0001 00 06 0200000000010000")]
    [InlineData(0, "02000000")]
    [InlineData(108, "00000002")]
    [InlineData(101, "")]
    [InlineData(12, "")]
    [InlineData(228, "")]
    public void Every_link_type(uint linkType, string before)
    {
        byte[] frame = [.. Convert.FromHexString(before.Replace(" ", "", StringComparison.Ordinal)), .. Udp4(Payload)];
        Assert.Equal(Payload, Assert.Single(All(Pcap(0xA1B2C3D4, false, linkType, frame))).Octets);
    }

    [Fact]
    public void Padding_of_the_link_is_left_out_and_other_packets_are_skipped()
    {
        byte[] tcp = Udp4(Payload);
        tcp[9] = 6;
        var reader = new CaptureReader(new MemoryStream(Pcap(0xA1B2C3D4, false, 1, Ethernet([.. Udp4([1, 2, 3]), 0, 0, 0, 0]), Ethernet(tcp), [1, 2, 3])));
        Assert.True(reader.TryRead(out ReceivedDatagram datagram));
        Assert.Equal([1, 2, 3], datagram.Bytes.ToArray());
        Assert.False(reader.TryRead(out _));
        Assert.Equal((CaptureError.None, 3ul, 2ul, 0ul), (reader.Error, reader.Packets, reader.Skipped, reader.Damaged));
    }

    [Fact]
    public void A_packet_that_was_cut_when_it_was_captured_is_counted()
    {
        byte[] cut = Ethernet(Udp4(Payload))[..80];
        var reader = new CaptureReader(new MemoryStream(Pcap(0xA1B2C3D4, false, 1, cut)));
        Assert.False(reader.TryRead(out _));
        Assert.Equal((CaptureError.None, 1ul), (reader.Error, reader.Damaged));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_are_put_together_in_any_order(bool isSix)
    {
        byte[] payload = [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7 % 256))];
        byte[] udp = UdpOf(payload);
        byte[][] fragments = [.. new[] { (0, 1480), (1480, 2960), (2960, udp.Length) }.Select(part => Ethernet(Fragment(isSix, udp, part.Item1, part.Item2)))];
        foreach (int[] order in new int[][] { [0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 0, 2, 1], [2, 2, 0, 1] })
        {
            byte[] file = Pcap(0xA1B2C3D4, false, 1, [.. order.Select(i => fragments[i]), Ethernet(Udp4(Payload))]);
            Assert.Equal([payload, Payload], All(file).Select(read => read.Octets));
        }

        var incomplete = new CaptureReader(new MemoryStream(Pcap(0xA1B2C3D4, false, 1, fragments[0], fragments[2])));
        Assert.False(incomplete.TryRead(out _));
        Assert.Equal(1ul, incomplete.Damaged);
    }

    [Fact]
    public void Fragments_for_ever_are_bounded()
    {
        byte[] udp = UdpOf(new byte[4000]);
        var frames = new List<byte[]>();
        for (ushort id = 0; id < 5000; id++)
        {
            byte[] first = Fragment(false, udp, 0, 1480);
            BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(4), id);
            frames.Add(Ethernet(first));
        }

        var reader = new CaptureReader(new MemoryStream(Pcap(0xA1B2C3D4, false, 1, [.. frames])));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(5000ul, reader.Damaged);
    }

    [Fact]
    public void Messages_of_an_ipfix_file()
    {
        byte[] one = Ipfix(20), other = Ipfix(65_535);
        List<Read> reads = All([.. one, .. other, .. one]);
        Assert.Equal([one, other, one], reads.Select(read => read.Octets));
        Assert.All(reads, read => Assert.Equal("1700000000.000000", read.Time));
    }

    [Theory]
    [InlineData("", CaptureError.None, 0)]
    [InlineData("00", CaptureError.UnknownFormat, 0)]
    [InlineData("7f454c46", CaptureError.UnknownFormat, 0)]
    [InlineData("000a", CaptureError.Truncated, 0)]
    [InlineData("000a000f 00000000 00000000 00000000", CaptureError.BadLength, 0)]
    [InlineData("000a0010 00000000 00000000 00000000 000b0010 00000000 00000000 00000000", CaptureError.BadLength, 16)]
    [InlineData("d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000 00000000 00000000 ffffffff ffffffff", CaptureError.BadLength, 24)]
    [InlineData("d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000 00", CaptureError.Truncated, 24)]
    [InlineData("0a0d0d0a 0b000000 4d3c2b1a", CaptureError.BadLength, 0)]
    [InlineData("0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000 06000000 20000000 05000000 00000000 00000000 00000000 00000000 20000000", CaptureError.UnknownInterface, 60)]
    public void What_cannot_be_read_is_told_with_its_place(string hex, CaptureError error, long offset)
    {
        var reader = new CaptureReader(new MemoryStream(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal((error, offset), (reader.Error, reader.Offset));
        Assert.NotEmpty(CaptureErrorText.Describe(error));
        Assert.False(reader.TryRead(out _)); // and stays so
    }

    [Fact]
    public void Cut_anywhere_what_was_whole_is_read()
    {
        byte[] file = Pcap(0xA1B2C3D4, false, 1, Ethernet(Udp4(Payload)), Ethernet(Udp6(Payload)));
        int first = 24 + 16 + 14 + 28 + Payload.Length;
        for (int length = 0; length < file.Length; length++)
            Assert.Equal(length < first ? 0 : 1, All(file[..length]).Count);
    }

    [Fact]
    public void Damage_never_throws_and_costs_bounded_time()
    {
        byte[][] seeds =
        [
            Pcap(0xA1B2C3D4, false, 1, Ethernet(Udp4(Payload)), Ethernet(Udp6(Payload)), Ethernet(Fragment(false, UdpOf(new byte[4000]), 0, 1480)), Ethernet(Fragment(true, UdpOf(new byte[4000]), 1480, 2960))),
            [.. Section(false), .. Block(false, 1, [.. U16(false, 1), 0, 0, .. U32(false, 0)]), .. Enhanced(false, 0, 1, Ethernet(Udp4(Payload)))],
            [.. Ipfix(20), .. Ipfix(40)],
        ];
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 8]).Sample((seed, damages) =>
        {
            byte[] file = [.. seeds[seed]];
            foreach ((int at, byte value) in damages)
                file[at % file.Length] = value;
            Assert.InRange(All(file).Count, 0, 100);
        }, iter: 20_000);
    }

    private static List<Read> All(byte[] file)
    {
        var reader = new CaptureReader(new MemoryStream(file));
        var reads = new List<Read>();
        while (reader.TryRead(out ReceivedDatagram datagram))
            reads.Add(new Read(datagram.Source.ToString(), $"{datagram.Seconds}.{datagram.Microseconds:000000}", datagram.Bytes.ToArray()));
        return reads;
    }

    // Everything at 1700000000.25.
    private static byte[] Pcap(uint magic, bool isBig, uint linkType, params byte[][] frames)
    {
        uint fraction = magic == 0xA1B23C4D ? 250_000_000u : 250_000u;
        byte[] extra = magic == 0xA1B2CD34 ? new byte[8] : [];
        return
        [
            .. U32(isBig, magic), .. U16(isBig, 2), .. U16(isBig, 4), .. U64(isBig, 0), .. U32(isBig, 65_535), .. U32(isBig, linkType),
            .. frames.SelectMany(frame => (byte[])[.. U32(isBig, 1_700_000_000), .. U32(isBig, fraction), .. U32(isBig, (uint)frame.Length), .. U32(isBig, (uint)frame.Length), .. extra, .. frame]),
        ];
    }

    private static byte[] Section(bool isBig) => Block(isBig, 0x0A0D0D0A, [.. U32(isBig, 0x1A2B3C4D), .. U16(isBig, 1), .. U16(isBig, 0), .. U64(isBig, ulong.MaxValue)]);

    private static byte[] Block(bool isBig, uint type, byte[] content)
        => [.. U32(isBig, type), .. U32(isBig, (uint)(12 + content.Length)), .. content, .. U32(isBig, (uint)(12 + content.Length))];

    private static byte[] Enhanced(bool isBig, uint number, ulong time, byte[] packet)
        => Block(isBig, 6, [.. U32(isBig, number), .. U32(isBig, (uint)(time >> 32)), .. U32(isBig, unchecked((uint)time)), .. U32(isBig, (uint)packet.Length), .. U32(isBig, (uint)packet.Length), .. Fill(packet)]);

    private static byte[] Fill(byte[] packet) => [.. packet, .. new byte[-packet.Length & 3]];

    private static byte[] Ethernet(byte[] packet) => [.. new byte[12], .. packet[0] >> 4 == 4 ? new byte[] { 8, 0 } : [0x86, 0xDD], .. packet];

    private static byte[] UdpOf(byte[] payload) => [.. U16(true, 2055), .. U16(true, 9995), .. U16(true, (ushort)(8 + payload.Length)), 0, 0, .. payload];

    private static byte[] Udp4(byte[] payload) => Ip4(UdpOf(payload), 0, false);

    private static byte[] Udp6(byte[] payload)
        => Ip6(60, [17, 0, 1, 4, 0, 0, 0, 0, .. UdpOf(payload)]); // behind destination options

    private static byte[] Ip4(byte[] content, int offset, bool hasMore)
        => [0x45, 0, .. U16(true, (ushort)(20 + content.Length)), 0, 7, .. U16(true, (ushort)(offset / 8 | (hasMore ? 0x2000 : 0))), 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, .. content];

    private static byte[] Ip6(byte next, byte[] content)
        => [0x60, 0, 0, 0, .. U16(true, (ushort)content.Length), next, 64, .. Convert.FromHexString("20010DB8000000000000000000000001" + "20010DB8000000000000000000000002"), .. content];

    private static byte[] Fragment(bool isSix, byte[] udp, int from, int to)
    {
        bool hasMore = to < udp.Length;
        byte[] part = udp[from..to];
        return isSix ? Ip6(44, [17, 0, .. U16(true, (ushort)(from | (hasMore ? 1 : 0))), 0, 0, 0, 9, .. part]) : Ip4(part, from, hasMore);
    }

    private static byte[] Ipfix(int length) => [.. U16(true, 10), .. U16(true, (ushort)length), .. U32(true, 1_700_000_000), .. new byte[length - 8]];

    private static byte[] U16(bool isBig, ushort value)
    {
        byte[] octets = new byte[2];
        if (isBig)
            BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(octets, value);
        return octets;
    }

    private static byte[] U32(bool isBig, uint value)
    {
        byte[] octets = new byte[4];
        if (isBig)
            BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(octets, value);
        return octets;
    }

    private static byte[] U64(bool isBig, ulong value) => isBig
        ? [.. U32(true, (uint)(value >> 32)), .. U32(true, (uint)(value & uint.MaxValue))]
        : [.. U32(false, (uint)(value & uint.MaxValue)), .. U32(false, (uint)(value >> 32))];
}
