using System;
using System.Collections.Generic;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Receive.Captures;

/// <summary>From a captured frame to the IP packet in it.</summary>
internal static class LinkLayer
{
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86DD;
    private const int TagLength = 4;
    private const int MostTags = 8;

    // Where the EtherType stands, and where what it describes begins (www.tcpdump.org/linktypes.html).
    private static readonly Dictionary<uint, (int Type, int Content)> Typed = new()
    {
        [1] = (12, 14), // Ethernet
        [113] = (14, 16), // Linux, cooked
        [276] = (0, 20), // the same, version 2
    };

    // How many octets stand before the IP packet, where nothing but its own version tells which it is.
    private static readonly Dictionary<uint, int> Bare = new()
    {
        [0] = 4, // BSD loopback
        [108] = 4, // OpenBSD loopback
        [12] = 0,
        [14] = 0,
        [101] = 0, // raw IP
        [228] = 0,
        [229] = 0,
    };

    /// <summary>The IP packet of a frame; false if it has none that we find.</summary>
    public static bool TryStrip(uint linkType, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (Bare.TryGetValue(linkType, out int before) && frame.Length > before)
        {
            packet = frame[before..];
            return true;
        }

        return Typed.TryGetValue(linkType, out (int Type, int Content) place) && frame.Length > place.Content
            && TryStripTags(ReadUInt16BigEndian(frame[place.Type..]), frame[place.Content..], out packet);
    }

    private static bool TryStripTags(ushort type, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> packet)
    {
        for (int tags = 0; type is 0x8100 or 0x88A8 or 0x9100 && tags < MostTags && content.Length >= TagLength; tags++)
        {
            type = ReadUInt16BigEndian(content[2..]);
            content = content[TagLength..];
        }

        packet = content;
        return type is IPv4 or IPv6;
    }
}
