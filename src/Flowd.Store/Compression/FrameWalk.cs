using System;
using System.Buffers.Binary;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>Walks over the frames of a file by their headers and those of their blocks, without decoding anything.</summary>
internal static class FrameWalk
{
    private const int BlockLength = 64 * 1024;

    /// <summary>The length in octets of the frame that begins there; else Truncated if the file ends in it, or DamagedFrame.</summary>
    public static LogError TryMeasure(SafeFileHandle file, long offset, long end, out FrameHeader header, out long length)
    {
        Span<byte> octets = stackalloc byte[FrameHeader.MostLength];
        length = 0;
        LogError error = FrameHeader.TryRead(octets[..RandomAccess.Read(file, octets, offset)], out header);
        if (error != LogError.None)
            return error;
        long at = offset + header.Length;
        if (header.IsSkippable)
            at += header.ContentLength;
        else if (!TryWalkBlocks(file, ref at, end))
            return at > end ? LogError.Truncated : LogError.DamagedFrame;
        if (header.HasChecksum)
            at += FrameHeader.ChecksumLength;
        length = at - offset;
        return at <= end ? LogError.None : LogError.Truncated;
    }

    /// <summary>Where the last whole frame ends; 0 if there is none. Damage before it stays where it is.</summary>
    public static long EndOfLast(SafeFileHandle file, long length)
    {
        long end = 0;
        for (long at = 0; at < length;)
        {
            if (TryMeasure(file, at, length, out FrameHeader _, out long frame) == LogError.None)
                end = at += frame;
            else
                at = FindMagic(file, at + 1, length);
        }

        return end;
    }

    /// <summary>The next place where a frame may begin, or the end.</summary>
    public static long FindMagic(SafeFileHandle file, long from, long end)
    {
        byte[] block = new byte[BlockLength];
        for (long at = from; end - at >= sizeof(uint);)
        {
            int read = RandomAccess.Read(file, block, at);
            for (int i = 0; i + sizeof(uint) <= read; i++)
            {
                if (FrameHeader.IsMagic(BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(i))))
                    return at + i;
            }

            if (read < sizeof(uint))
                return end;
            at += read - sizeof(uint) + 1;
        }

        return end;
    }

    private static bool TryWalkBlocks(SafeFileHandle file, ref long at, long end)
    {
        Span<byte> header = stackalloc byte[FrameHeader.BlockHeaderLength];
        for (bool isLast = false; !isLast;)
        {
            if (end - at < header.Length)
            {
                at = end + 1;
                return false;
            }

            RandomAccess.Read(file, header, at);
            int length = FrameHeader.BlockLength(header, out isLast);
            if (length == 0)
                return false;
            at += length;
        }

        return true;
    }
}
