using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// The beginning of a frame of Zstandard (RFC 8878 section 3.1). Only what can be decoded here counts as one: no dictionary, no reserved bit, a window
/// that is not too large.
/// </summary>
/// <param name="IsSkippable">It holds something that is for others.</param>
/// <param name="Length">Of the header, in octets.</param>
/// <param name="ContentLength">Of what is in the frame when it is decoded; -1 if the frame does not say. For a skippable frame what is to be skipped.</param>
/// <param name="HasChecksum">Four octets of checksum follow the last block.</param>
internal readonly record struct FrameHeader(bool IsSkippable, int Length, long ContentLength, bool HasChecksum)
{
    public const uint Magic = 0xFD2F_B528;
    public const int MostLength = 18;
    public const int BlockHeaderLength = 3;
    public const int ChecksumLength = 4;
    public const int WindowLogMost = 27;

    private const uint SkippableMagic = 0x184D_2A50;
    private const uint SkippableMask = 0xFFFF_FFF0;
    private const int SkippableLength = 8;
    private const int LargestBlock = 128 * 1024;

    public static bool IsMagic(uint word) => word == Magic || (word & SkippableMask) == SkippableMagic;

    /// <summary>None, Truncated if there must be more of it, or DamagedFrame.</summary>
    public static LogError TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < sizeof(uint) + 1)
            return LogError.Truncated;
        uint magic = ReadUInt32LittleEndian(source);
        if (!IsMagic(magic))
            return LogError.DamagedFrame;
        if (magic != Magic)
        {
            if (source.Length < SkippableLength)
                return LogError.Truncated;
            header = new FrameHeader(true, SkippableLength, ReadUInt32LittleEndian(source[4..]), false);
            return LogError.None;
        }

        byte descriptor = source[4];
        bool isSingle = (descriptor & 0x20) != 0;
        int contentField = (descriptor >> 6) switch { 0 => isSingle ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        if ((descriptor & 0x0B) != 0) // reserved, or a dictionary
            return LogError.DamagedFrame;
        int length = 5 + (isSingle ? 0 : 1) + contentField;
        if (source.Length < length)
            return LogError.Truncated;
        long content = ReadContentLength(source[(length - contentField)..length]);
        bool isTooLarge = isSingle ? false : 10 + (source[5] >> 3) > WindowLogMost;
        if (content < -1 || isTooLarge)
            return LogError.DamagedFrame;
        header = new FrameHeader(false, length, content, (descriptor & 0x04) != 0);
        return LogError.None;
    }

    /// <summary>The length in octets of a block with its header, which is read; 0 if it is none.</summary>
    public static int BlockLength(ReadOnlySpan<byte> header, out bool isLast)
    {
        int word = header[0] | header[1] << 8 | header[2] << 16;
        isLast = (word & 1) != 0;
        int size = word >> 3;
        int type = word >> 1 & 3;
        return type == 3 || size > LargestBlock ? 0 : BlockHeaderLength + (type == 1 ? 1 : size); // 1: one octet, repeated
    }

    private static long ReadContentLength(ReadOnlySpan<byte> field) => field.Length switch
    {
        0 => -1,
        1 => field[0],
        2 => ReadUInt16LittleEndian(field) + 256,
        4 => ReadUInt32LittleEndian(field),
        _ => ReadUInt64LittleEndian(field) is var length && length > long.MaxValue ? long.MinValue : (long)length,
    };
}
