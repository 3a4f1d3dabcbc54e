using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Tests;

/// <summary>IPFIX messages of one template or one flow, which are told apart by their sequence numbers.</summary>
internal static class IpfixMessages
{
    public const ushort TemplateId = 300;

    /// <summary>What is told of a flow: information elements and their lengths.</summary>
    private static readonly (ushort Element, ushort Length)[] Fields = [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (2, 8), (1, 8)];

    /// <summary>A template; reversed, the fields stand in another order.</summary>
    public static byte[] Template(uint domain = 9, ushort id = TemplateId, bool isReversed = false)
    {
        IEnumerable<(ushort Element, ushort Length)> fields = isReversed ? Enumerable.Reverse(Fields) : Fields;
        return Message(0, domain, 2, [.. U16(id), .. U16((ushort)Fields.Length), .. fields.SelectMany(field => (byte[])[.. U16(field.Element), .. U16(field.Length)])]);
    }

    /// <summary>A flow from 192.0.2.1 to 198.51.100.1 of so many packets.</summary>
    public static byte[] Flow(uint sequence, uint domain = 9, bool isReversed = false, byte packets = 3)
    {
        byte[][] values = [[192, 0, 2, 1], [198, 51, 100, 1], [0x10, 0], [0, 80], [6], [0, 0, 0, 0, 0, 0, 0, packets], [0, 0, 0, 0, 0, 0, 1, 0]];
        return Message(sequence, domain, TemplateId, [.. (isReversed ? Enumerable.Reverse(values) : values).SelectMany(value => value)]);
    }

    public static byte[] Message(uint sequence, uint domain, ushort set, byte[] content)
    {
        byte[] message = new byte[20 + content.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, 10);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(12), domain);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), set);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(18), (ushort)(4 + content.Length));
        content.CopyTo(message.AsSpan(20));
        return message;
    }

    private static byte[] U16(ushort value) => [(byte)(value >> 8), (byte)(value & 0xFF)];
}
