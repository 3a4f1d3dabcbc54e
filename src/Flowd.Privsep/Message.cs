using System;
using System.Buffers.Binary;

namespace Flowd.Privsep;

/// <summary>One message between monitor and worker: eight octets, always.</summary>
public readonly record struct Message(MessageType Type, uint Argument = 0)
{
    public const int Length = 8;

    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = (byte)Type;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Argument);
    }

    /// <summary>Reads <see cref="Length"/> octets.</summary>
    public static Message Read(ReadOnlySpan<byte> source) => new((MessageType)source[0], BinaryPrimitives.ReadUInt32BigEndian(source[4..]));
}
