using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// The file behind a <see cref="LogAppender"/>: all of a write goes in, or none of it. In a regular file what a failed write left
/// is cut off again. Of a pipe nothing can be taken back, so it is fed in pieces that a pipe takes whole or not at all.
/// </summary>
internal sealed class LogFile(SafeFileHandle handle) : IDisposable
{
    /// <summary>PIPE_BUF of Linux, pipe(7): writes up to this length are atomic.</summary>
    private const int PipeAtomic = 4096;

    private const long Nothing = -1;

    private readonly FileStream? _pipe = IsSeekable(handle) ? null : new FileStream(handle, FileAccess.Write, bufferSize: 0);
    private long _backOutTo = Nothing;

    /// <summary>Writes records; <paramref name="written"/> is what need not be written again: everything, or nothing, or for pipes some.</summary>
    public LogFlushResult Write(ReadOnlySpan<byte> records, out int written)
    {
        written = 0;
        try
        {
            if (_pipe is null)
                written = Append(records);
            else
                Feed(_pipe, records, ref written);
            return default;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            BackOut();
            return new LogFlushResult(DiskTrouble.ErrnoOf(e), DiskTrouble.Describe(e));
        }
    }

    public void Dispose()
    {
        _pipe?.Dispose();
        handle.Dispose();
    }

    private int Append(ReadOnlySpan<byte> records)
    {
        FinishBackOut();
        long end = RandomAccess.GetLength(handle);
        _backOutTo = end;
        RandomAccess.Write(handle, records, end);
        _backOutTo = Nothing;
        return records.Length;
    }

    private static void Feed(FileStream pipe, ReadOnlySpan<byte> records, ref int written)
    {
        while (written < records.Length)
        {
            ReadOnlySpan<byte> piece = WholeRecords(records[written..]);
            pipe.Write(piece);
            written += piece.Length;
        }
    }

    // As many whole records as fit into one atomic write. They are our own, so their lengths are true.
    private static ReadOnlySpan<byte> WholeRecords(ReadOnlySpan<byte> records)
    {
        int length = 0;
        while (length < records.Length)
        {
            int next = length + LogRecord.LengthOf(records[length..]);
            if (next > PipeAtomic)
                break;
            length = next;
        }

        return records[..length];
    }

    // A disk that cannot write may not be able to truncate either; then it is tried again before the next write.
    private void BackOut()
    {
        try
        {
            FinishBackOut();
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
        }
    }

    private void FinishBackOut()
    {
        if (_backOutTo == Nothing)
            return;
        if (RandomAccess.GetLength(handle) > _backOutTo)
            RandomAccess.SetLength(handle, _backOutTo);
        _backOutTo = Nothing;
    }

    private static bool IsSeekable(SafeFileHandle handle)
    {
        try
        {
            RandomAccess.GetLength(handle);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
