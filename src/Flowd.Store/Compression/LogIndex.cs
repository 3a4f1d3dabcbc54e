using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// What stands where in a compressed log: at its end, in a frame that decoders skip (RFC 8878 section 3.1.2), one entry for each block. It says how long
/// the blocks are, so it holds as well where other logs were put in front. docs/log-index.md has the octets.
/// </summary>
internal sealed class LogIndex
{
    private const uint SkippableMagic = 0x184D_2A5F;
    private const uint Magic = 0x666C_6978; // "flix"
    private const ushort Version = 1;
    private const int FrameHeaderLength = 8;
    private const int HeadLength = 8;
    private const int FooterLength = 12;
    private const int LongestIndex = 256 * 1024 * 1024;

    private readonly Dictionary<long, BlockEntry> _byOffset = [];

    private LogIndex(List<BlockEntry> blocks, long begin)
    {
        Blocks = blocks;
        long offset = begin;
        foreach (BlockEntry block in blocks)
        {
            _byOffset[offset] = block;
            offset += block.Length;
        }
    }

    public IReadOnlyList<BlockEntry> Blocks { get; }

    /// <summary>The block that begins at that offset of the file; null if there is none with so much content.</summary>
    public BlockEntry? At(long offset, long contentLength) => _byOffset.TryGetValue(offset, out BlockEntry? block) && block.ContentLength == contentLength ? block : null;

    /// <summary>The whole frame, to stand behind the last block.</summary>
    public static byte[] Write(IReadOnlyList<BlockEntry> blocks)
    {
        int length = FrameHeaderLength + HeadLength + FooterLength;
        foreach (BlockEntry block in blocks)
            length += BlockEntry.HeaderLength + block.Addresses.Length + block.Ports.Length;
        byte[] frame = new byte[length];
        WriteUInt32LittleEndian(frame, SkippableMagic);
        WriteUInt32LittleEndian(frame.AsSpan(4), (uint)(length - FrameHeaderLength));
        WriteUInt16BigEndian(frame.AsSpan(FrameHeaderLength), Version);
        WriteUInt32BigEndian(frame.AsSpan(FrameHeaderLength + 4), (uint)blocks.Count);
        int at = FrameHeaderLength + HeadLength;
        foreach (BlockEntry block in blocks)
            at += block.Write(frame.AsSpan(at));
        WriteUInt32BigEndian(frame.AsSpan(at), Crc32.HashToUInt32(frame.AsSpan(0, at)));
        WriteUInt32BigEndian(frame.AsSpan(at + 4), (uint)length);
        WriteUInt32BigEndian(frame.AsSpan(at + 8), Magic);
        return frame;
    }

    /// <summary>
    /// The index at the end of a file, which is left where it stood. EndOfLog if there is none, DamagedIndex if it does not fit. Throws what reading throws.
    /// </summary>
    public static LogError TryRead(Stream file, out LogIndex? index)
    {
        index = null;
        long before = file.Position;
        try
        {
            return TryRead(file, file.Length, out index);
        }
        finally
        {
            file.Position = before;
        }
    }

    private static LogError TryRead(Stream file, long end, out LogIndex? index)
    {
        index = null;
        Span<byte> footer = stackalloc byte[FooterLength];
        if (end < FooterLength)
            return LogError.EndOfLog;
        file.Position = end - FooterLength;
        file.ReadExactly(footer);
        if (ReadUInt32BigEndian(footer[8..]) != Magic)
            return LogError.EndOfLog;
        long length = ReadUInt32BigEndian(footer[4..]);
        if (length > Math.Min(end, LongestIndex) || length < FrameHeaderLength + HeadLength + FooterLength)
            return LogError.DamagedIndex;

        byte[] frame = new byte[length];
        file.Position = end - length;
        file.ReadExactly(frame);
        bool isWhole = ReadUInt32LittleEndian(frame) == SkippableMagic
            && ReadUInt32LittleEndian(frame.AsSpan(4)) == length - FrameHeaderLength
            && Crc32.HashToUInt32(frame.AsSpan(0, frame.Length - FooterLength)) == ReadUInt32BigEndian(footer);
        return isWhole ? TryReadEntries(frame, end - length, out index) : LogError.DamagedIndex;
    }

    private static LogError TryReadEntries(byte[] frame, long frameOffset, out LogIndex? index)
    {
        index = null;
        if (ReadUInt16BigEndian(frame.AsSpan(FrameHeaderLength)) != Version)
            return LogError.EndOfLog; // of a later flowd
        uint count = ReadUInt32BigEndian(frame.AsSpan(FrameHeaderLength + 4));
        ReadOnlyMemory<byte> rest = frame.AsMemory(FrameHeaderLength + HeadLength)[..^FooterLength];
        var blocks = new List<BlockEntry>();
        long begin = frameOffset;
        for (uint i = 0; i < count; i++)
        {
            if (BlockEntry.TryRead(rest, out int length) is not { } block || block.Length == 0)
                return LogError.DamagedIndex;
            blocks.Add(block);
            rest = rest[length..];
            begin -= block.Length;
        }

        if (!rest.IsEmpty || begin < 0)
            return LogError.DamagedIndex;
        index = new LogIndex(blocks, begin);
        return LogError.None;
    }
}
