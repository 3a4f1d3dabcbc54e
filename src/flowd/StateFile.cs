using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Monitor;

/// <summary>The file that keeps the memories of workers: that of one worker as it is, those of several one behind the other.</summary>
/*
    Of several, big-endian:
     0  magic "flowdstN"   8  how many u32   12  zero u32   16  for each its length i64, up to the last block that is not zero
    4096  the memories
*/
internal static class StateFile
{
    private const ulong Magic = 0x666C6F777364744E;
    private const int CountAt = 8;
    private const int LengthsAt = 16;
    private const int HeaderLength = 4096;
    private const int BlockLength = 64 << 10;

    /// <summary>
    /// Where each memory stands in the file: the file itself, if it is none of several. Throws <see cref="InvalidDataException"/> if it cannot be
    /// as it says.
    /// </summary>
    public static List<(long Start, long Length)> Find(SafeFileHandle file)
    {
        long end = RandomAccess.GetLength(file);
        byte[] header = new byte[HeaderLength];
        int read = RandomAccess.Read(file, header, 0);
        var found = new List<(long Start, long Length)>();
        if (read < HeaderLength || ReadUInt64BigEndian(header) != Magic)
            found.Add((0, end));
        long start = HeaderLength;
        for (uint left = found.Count > 0 ? 0 : ReadUInt32BigEndian(header.AsSpan(CountAt)); left > 0 && found.Count < Share.Most; left--)
        {
            long length = ReadInt64BigEndian(header.AsSpan(LengthsAt + found.Count * sizeof(long)));
            found.Add((start, length));
            start = unchecked(start + length);
        }

        return found.Count > 0 && found.TrueForAll(one => one.Length is >= 0 and <= StateKeeper.Length && one.Start <= end - one.Length)
            ? found
            : throw new InvalidDataException("it is not what flowd wrote, or longer than a state file can be");
    }

    /// <summary>Writes a new file.</summary>
    public static void Write(SafeFileHandle file, IReadOnlyList<SafeFileHandle> memories)
    {
        if (memories.Count == 1)
        {
            Copy(memories[0], (0, StateKeeper.Length), file, 0);
            return;
        }

        byte[] header = new byte[HeaderLength];
        WriteUInt64BigEndian(header, Magic);
        WriteUInt32BigEndian(header.AsSpan(CountAt), (uint)memories.Count);
        long start = HeaderLength;
        for (int i = 0; i < memories.Count; i++)
        {
            long length = Copy(memories[i], (0, StateKeeper.Length), file, start);
            WriteInt64BigEndian(header.AsSpan(LengthsAt + i * sizeof(long)), length);
            start += length;
        }

        RandomAccess.Write(file, header, 0);
    }

    /// <summary>
    /// Copies a part of a file, and returns its length up to the last block that is not zero. Blocks of zeros are left out: what is copied to begins
    /// as nothing but zeros, and stays short.
    /// </summary>
    public static long Copy(SafeFileHandle from, (long Start, long Length) part, SafeFileHandle to, long offset)
    {
        byte[] block = new byte[BlockLength];
        long copied = 0;
        for (long at = 0; at < part.Length; at += BlockLength)
        {
            int length = RandomAccess.Read(from, block.AsSpan(0, (int)Math.Min(BlockLength, part.Length - at)), part.Start + at);
            if (length == 0)
                break;
            if (!block.AsSpan(0, length).ContainsAnyExcept((byte)0))
                continue;
            RandomAccess.Write(to, block.AsSpan(0, length), offset + at);
            copied = at + length;
        }

        return copied;
    }
}
