using System;
using System.Buffers.Binary;
using System.Text;
using Flowd.Records;

namespace Flowd.Privsep;

/// <summary>
/// One setting that the monitor must act on, or one diagnostic, from the parser: always <see cref="Length"/> octets. What Number and Text mean
/// depends on the type: buffer size and zone of a Listen, interface of a JoinGroup, path of a LogFile, …
/// </summary>
public readonly record struct Setting(MessageType Type, Address Address, ushort Port, uint Number, string Text)
{
    /*
        0 type   1 family   2 port (2)   4 number (4)   8 address (16)   24 length of text (2)   26 zero (6)   32 text, UTF-8 (4096)
    */
    public const int Length = 32 + LongestText;

    /// <summary>In octets of UTF-8: PATH_MAX, so that no path is cut.</summary>
    public const int LongestText = 4096;

    public static Setting Of(MessageType type, string text, uint number = 0) => new(type, default, 0, number, text);

    /// <summary>Text that is too long is cut.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Length];
        destination.Clear();
        destination[0] = (byte)Type;
        destination[1] = (byte)Address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Port);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Number);
        Address.Write(destination[8..]);
        Encoding.UTF8.GetEncoder().Convert(Text, destination[32..], flush: true, out _, out int written, out _);
        BinaryPrimitives.WriteUInt16BigEndian(destination[24..], (ushort)written);
    }

    /// <summary>Reads <see cref="Length"/> octets; false if they are no setting.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Setting setting)
    {
        setting = default;
        int length = BinaryPrimitives.ReadUInt16BigEndian(source[24..]);
        uint number = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (length > LongestText || number > int.MaxValue || source.Slice(32, length).Contains((byte)0))
            return false;
        if (!Address.TryRead(source[1], source[8..24], out Address address))
            return false;
        setting = new Setting(
            (MessageType)source[0],
            address,
            BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
            number,
            Encoding.UTF8.GetString(source.Slice(32, length)));
        return true;
    }
}
