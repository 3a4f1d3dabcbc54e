using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// The file behind a <see cref="LogAppender"/>: whole records go in, never a part of one. In a regular file what a failed write left
/// of a record is cut off again. Of a pipe nothing can be taken back, so it is fed in pieces that a pipe takes whole or not at all.
/// </summary>
internal sealed class LogFile(SafeFileHandle handle, FrameEncoder? encoder, LogFraming framing, Func<SafeFileHandle, bool> isRemoved, ITurns? turns) : IDisposable
{
    /// <summary>PIPE_BUF of Linux, pipe(7): writes up to this length are atomic.</summary>
    private const int PipeAtomic = 4096;

    private const long Nothing = -1;

    private readonly FileStream? _pipe = IsSeekable(handle) ? null : new FileStream(handle, FileAccess.Write, bufferSize: 0);
    private readonly bool _canBeRemoved = !isRemoved(handle); // a memory file never had a name
    private long _backOutTo = Nothing;
    private long _backOutFrom = Nothing;

    /// <summary>Octets that were written, and stayed.</summary>
    public long Written { get; private set; }

    /// <summary>In octets; -1 for a pipe.</summary>
    public long Length => _pipe is null ? RandomAccess.GetLength(handle) : -1;

    /// <summary>Writes records; <paramref name="written"/> is how many octets of them need not be written again.</summary>
    public LogFlushResult Write(ReadOnlySpan<byte> records, out int written)
    {
        written = 0;
        try
        {
            if (_pipe is null)
                return InTurn(records, ref written);
            Feed(_pipe, records, ref written);
            return default;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return new LogFlushResult(DiskTrouble.ErrnoOf(e), DiskTrouble.Describe(e));
        }
    }

    public LogFlushResult Sync()
    {
        try
        {
            if (_pipe is null)
                RandomAccess.FlushToDisk(handle);
            return default;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return new LogFlushResult(DiskTrouble.ErrnoOf(e), DiskTrouble.Describe(e));
        }
    }

    public void Dispose()
    {
        _pipe?.Dispose();
        handle.Dispose();
    }

    private LogFlushResult InTurn(ReadOnlySpan<byte> records, ref int written)
    {
        if (turns is null)
            return TryAppend(records, ref written);
        turns.Begin(handle);
        try
        {
            return TryAppend(records, ref written);
        }
        finally
        {
            turns.End();
        }
    }

    // Looked at after the write: a file that lost its name just before it would else take the records along.
    private LogFlushResult TryAppend(ReadOnlySpan<byte> records, ref int written)
    {
        if (encoder is null)
            Append(records, ref written);
        else
            AppendFrames(encoder, records, ref written);
        if (!_canBeRemoved || !isRemoved(handle))
            return default;
        written = 0;
        return LogFlushResult.Removed;
    }

    private void Append(ReadOnlySpan<byte> records, ref int written)
    {
        FinishBackOut();
        long end = RandomAccess.GetLength(handle);
        try
        {
            RandomAccess.Write(handle, records, end);
            written = records.Length;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            written = BackOut(records, end);
            throw;
        }
        finally
        {
            Written += written;
        }
    }

    // Frames are whole or not at all. Usually one holds everything.
    private void AppendFrames(FrameEncoder encoder, ReadOnlySpan<byte> records, ref int written)
    {
        while (written < records.Length)
        {
            ReadOnlySpan<byte> piece = WholeRecords(records[written..], FrameEncoder.MostContent);
            FinishBackOut();
            long end = RandomAccess.GetLength(handle);
            try
            {
                ReadOnlySpan<byte> frame = encoder.Encode(piece);
                RandomAccess.Write(handle, frame, end);
                written += piece.Length;
                Written += frame.Length;
            }
            catch (Exception e) when (DiskTrouble.Is(e))
            {
                BackOut(default, end);
                throw;
            }
        }
    }

    private void Feed(FileStream pipe, ReadOnlySpan<byte> records, ref int written)
    {
        while (written < records.Length)
        {
            ReadOnlySpan<byte> piece = WholeRecords(records[written..], PipeAtomic);
            pipe.Write(piece);
            written += piece.Length;
            Written += piece.Length;
        }
    }

    // As many records as are whole in the first octets. They are our own, so their lengths are true.
    private ReadOnlySpan<byte> WholeRecords(ReadOnlySpan<byte> records, long most)
    {
        int length = 0;
        while (length < records.Length)
        {
            int next = length + framing.LengthOf(records[length..]);
            if (next > most)
                break;
            length = next;
        }

        return records[..length];
    }

    // What of the records is in the file for good. A disk that cannot write may not be able to truncate either; then that is tried again
    // before the next write.
    private int BackOut(ReadOnlySpan<byte> records, long end)
    {
        _backOutTo = end;
        int whole = 0;
        try
        {
            _backOutFrom = RandomAccess.GetLength(handle);
            whole = WholeRecords(records, _backOutFrom - end).Length;
            _backOutTo = end + whole;
            FinishBackOut();
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
        }

        return whole;
    }

    private void FinishBackOut()
    {
        if (_backOutTo == Nothing)
            return;
        long length = RandomAccess.GetLength(handle);
        if (length > _backOutTo && (turns is null || length == _backOutFrom)) // else others have written behind it
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
