using System;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// The open log of the daemon: a buffer of serialised records, and the file behind it. While there is no file, or it cannot be
/// written, records wait in the buffer; when that is full the newest are dropped and counted. For one thread.
/// </summary>
/// <param name="mask">Which sections are stored at first.</param>
/// <param name="flushThreshold">How many octets make a flush worth it.</param>
/// <param name="bufferLimit">How many octets may wait at most.</param>
public sealed class LogAppender(LogFields mask, int flushThreshold = 1024 * 1024, long bufferLimit = 64 * 1024 * 1024) : IDisposable
{
    private readonly RecordBuffer _buffer = new(bufferLimit, flushThreshold);
    private LogFile? _file;

    /// <summary>Which sections are stored.</summary>
    public LogFields Fields { get; set; } = mask;

    /// <summary>Records that were put into the buffer.</summary>
    public ulong RecordsAppended { get; private set; }

    /// <summary>Records that did not fit into the buffer. They are in no log.</summary>
    public ulong RecordsDropped { get; private set; }

    public ulong BytesWritten { get; private set; }

    public ulong FailedFlushes { get; private set; }

    /// <summary>Octets that wait to be written.</summary>
    public int Pending => _buffer.Length;

    /// <summary>Octets that the buffer takes up.</summary>
    public int Capacity => _buffer.Capacity;

    public bool IsAttached => _file is not null;

    /// <summary>The length in octets that the file will have once all that waits is written; -1 if there is none, or it is a pipe.</summary>
    public long LengthWhenFlushed => _file is { Length: >= 0 and var length } ? length + Pending : -1;

    public bool ShouldFlush => _buffer.Length >= flushThreshold && IsAttached;

    /// <summary>
    /// Takes over an open file (for appending) or pipe, in place of the one before. The torn end of a log is cut off, if the
    /// descriptor can be read too. A file that is not a version 3 log is refused: it is left as it is, and stays the caller's,
    /// and so does the file before it stay in use.
    /// </summary>
    public LogOpenResult Attach(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        LogOpenResult result = LogTail.Repair(file);
        if (!result.Succeeded)
            return result;
        Detach();
        _file = new LogFile(file);
        return result;
    }

    /// <summary>Closes the file, if there is one. What was not flushed waits for the next.</summary>
    public void Detach()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Append(in FlowRecord record)
    {
        if (_buffer.TryReserve(LogRecord.MaxLength, out Span<byte> room))
        {
            _buffer.Take(LogRecord.Write(in record, Fields, room));
            RecordsAppended++;
        }
        else
        {
            RecordsDropped++;
        }
    }

    /// <summary>
    /// Writes all that waits, in one write. If that fails the file ends with a whole record, and what is not in it waits on. Does not throw
    /// for disk trouble.
    /// </summary>
    public LogFlushResult Flush()
    {
        if (_file is null || _buffer.Length == 0)
            return default;
        LogFlushResult result = _file.Write(_buffer.Content, out int written);
        BytesWritten += (uint)written;
        _buffer.Remove(written);
        if (!result.Succeeded)
            FailedFlushes++;
        return result;
    }

    /// <summary>Waits until the disk has what was written, fsync(2). Does not throw for disk trouble.</summary>
    public LogFlushResult Sync() => _file?.Sync() ?? default;

    /// <summary>Closes the file without flushing.</summary>
    public void Dispose() => Detach();
}
