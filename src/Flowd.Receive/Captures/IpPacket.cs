using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Records;

namespace Flowd.Receive.Captures;

/// <summary>An IP packet, or a fragment of one, down to what it carries (RFC 791, RFC 8200).</summary>
internal readonly ref struct IpPacket
{
    private const int IPv4Least = 20;
    private const int IPv6Length = 40;
    private const byte HopByHop = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51;
    private const byte Options = 60;

    public Address Source { get; private init; }
    public Address Destination { get; private init; }
    public byte Protocol { get; private init; }

    /// <summary>Where in the whole this part stands, in octets, and whether others follow. A packet in one piece is at 0 and has none.</summary>
    public int FragmentOffset { get; private init; }
    public bool HasMore { get; private init; }
    public uint Identification { get; private init; }

    public bool IsFragment => FragmentOffset > 0 || HasMore;

    public ReadOnlySpan<byte> Content { get; private init; }

    /// <summary>False if it is cut off or makes no sense.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out IpPacket packet)
    {
        packet = default;
        return !octets.IsEmpty && (octets[0] >> 4) switch
        {
            4 => TryParse4(octets, out packet),
            6 => TryParse6(octets, out packet),
            _ => false,
        };
    }

    private static bool TryParse4(ReadOnlySpan<byte> octets, out IpPacket packet)
    {
        packet = default;
        int header = (octets[0] & 0xF) * 4;
        if (header < IPv4Least || octets.Length < header)
            return false;
        int length = ReadUInt16BigEndian(octets[2..]);
        length = length == 0 ? octets.Length : length; // left to the network card
        if (length < header || length > octets.Length)
            return false;
        ushort fragment = ReadUInt16BigEndian(octets[6..]);
        packet = new IpPacket
        {
            Source = Address.FromIPv4(ReadUInt32BigEndian(octets[12..])),
            Destination = Address.FromIPv4(ReadUInt32BigEndian(octets[16..])),
            Protocol = octets[9],
            FragmentOffset = (fragment & 0x1FFF) * 8,
            HasMore = (fragment & 0x2000) != 0,
            Identification = ReadUInt16BigEndian(octets[4..]),
            Content = octets[header..length],
        };
        return true;
    }

    private static bool TryParse6(ReadOnlySpan<byte> octets, out IpPacket packet)
    {
        packet = default;
        if (octets.Length < IPv6Length)
            return false;
        int length = ReadUInt16BigEndian(octets[4..]);
        if (length > octets.Length - IPv6Length)
            return false;
        packet = new IpPacket
        {
            Source = Address.FromIPv6(octets.Slice(8, 16)),
            Destination = Address.FromIPv6(octets.Slice(24, 16)),
        };
        return TrySkipExtensions(octets[6], octets.Slice(IPv6Length, length == 0 ? octets.Length - IPv6Length : length), ref packet);
    }

    // Each takes eight octets at least, so this ends.
    private static bool TrySkipExtensions(byte next, ReadOnlySpan<byte> content, ref IpPacket packet)
    {
        while (next is HopByHop or Routing or Options or Fragment or Authentication)
        {
            if (content.Length < 8)
                return false;
            int length = next switch
            {
                Fragment => 8,
                Authentication => (content[1] + 2) * 4,
                _ => (content[1] + 1) * 8,
            };
            if (next == Fragment)
            {
                ushort fragment = ReadUInt16BigEndian(content[2..]);
                packet = new IpPacket
                {
                    Source = packet.Source,
                    Destination = packet.Destination,
                    FragmentOffset = fragment & ~7,
                    HasMore = (fragment & 1) != 0,
                    Identification = ReadUInt32BigEndian(content[4..]),
                };
            }

            if (content.Length < length)
                return false;
            next = content[0];
            content = content[length..];
            if (packet.FragmentOffset > 0) // what follows is in the first fragment
                break;
        }

        packet = new IpPacket
        {
            Source = packet.Source,
            Destination = packet.Destination,
            FragmentOffset = packet.FragmentOffset,
            HasMore = packet.HasMore,
            Identification = packet.Identification,
            Protocol = next,
            Content = content,
        };
        return true;
    }
}
