using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>The end of a file of lines: what comes after the last line feed was not written whole, and is cut off.</summary>
internal static class LineTail
{
    /// <summary>What each line begins with, and no record does.</summary>
    public const byte First = (byte)'{';

    private const int Block = 64 * 1024;

    /// <summary>A file that does not begin as such files do is left as it is.</summary>
    public static LogOpenResult Repair(SafeFileHandle file)
    {
        try
        {
            long length = RandomAccess.GetLength(file);
            if (length == 0)
                return default;
            Span<byte> first = stackalloc byte[1];
            if (RandomAccess.Read(file, first, 0) == 1 && first[0] != First)
                return new LogOpenResult(LogError.ForeignFile);
            long end = EndOfLast(file, length);
            if (end == length)
                return default;
            RandomAccess.SetLength(file, end);
            return new LogOpenResult(LogError.None, end, length - end);
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return default; // a pipe, or opened for writing only
        }
    }

    private static long EndOfLast(SafeFileHandle file, long length)
    {
        byte[] block = new byte[Block];
        for (long end = length; end > 0;)
        {
            long start = Math.Max(0, end - Block);
            int read = RandomAccess.Read(file, block.AsSpan(0, (int)(end - start)), start);
            int at = block.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (at >= 0)
                return start + at + 1;
            end = start;
        }

        return 0;
    }
}
