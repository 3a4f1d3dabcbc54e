using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>How the records of a log are kept in its file.</summary>
public enum LogEncoding : byte
{
    Plain,

    /// <summary>Frames of Zstandard, RFC 8878.</summary>
    Zstd,

    /// <summary>RFC 1952; read only.</summary>
    Gzip,
}

/// <summary>Tells how a log is kept by its first octets.</summary>
public static class LogEncodings
{
    /// <summary>How many octets that takes.</summary>
    public const int SignatureLength = 4;

    private const ushort GzipMagic = 0x1F8B;

    public static LogEncoding Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length >= sizeof(ushort) && ReadUInt16BigEndian(start) == GzipMagic)
            return LogEncoding.Gzip;
        return start.Length >= SignatureLength && FrameHeader.IsMagic(ReadUInt32LittleEndian(start)) ? LogEncoding.Zstd : LogEncoding.Plain;
    }

    /// <summary>False if it is clear from the first octet that nothing is compressed: a record begins with 0x60 to 0x7F.</summary>
    internal static bool MayBeCompressed(byte first) => first is 0x28 or (>= 0x50 and <= 0x5F) or 0x1F;
}
