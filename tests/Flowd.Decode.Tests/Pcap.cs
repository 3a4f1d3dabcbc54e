using System;
using System.Collections.Generic;
using System.IO;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Reads the UDP payloads of a capture: little-endian pcap, Ethernet, IPv4 or IPv6 without extension headers, no fragments.
/// </summary>
internal static class Pcap
{
    private const int FileHeader = 24, PacketHeader = 16, Ethernet = 14, IPv6Header = 40, UdpHeader = 8;

    public static List<(Address Exporter, byte[] Payload)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(0xA1B2C3D4, ReadUInt32LittleEndian(file));
        var datagrams = new List<(Address, byte[])>();
        for (int at = FileHeader; at < file.Length;)
        {
            int length = ReadInt32LittleEndian(file.AsSpan(at + 8));
            datagrams.Add(Unpack(file.AsSpan(at + PacketHeader, length)));
            at += PacketHeader + length;
        }

        return datagrams;
    }

    private static (Address, byte[]) Unpack(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> packet = frame[Ethernet..];
        bool is4 = packet[0] >> 4 == 4;
        Address source = is4 ? Address.FromIPv4(ReadUInt32BigEndian(packet[12..])) : Address.FromIPv6(packet.Slice(8, 16));
        ReadOnlySpan<byte> udp = packet[(is4 ? (packet[0] & 0xF) * 4 : IPv6Header)..];
        return (source, udp[UdpHeader..ReadUInt16BigEndian(udp[4..])].ToArray());
    }
}
