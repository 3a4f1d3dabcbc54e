using System;
using Flowd.Records;
using Flowd.Store.Copying;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// The open log of the daemon: a buffer of serialised records, and the file behind it. While there is no file, or it cannot be
/// written, records wait in the buffer; when that is full the newest or the oldest are dropped and counted. For one thread.
/// </summary>
/// <param name="mask">Which sections are stored at first.</param>
/// <param name="flushThreshold">How many octets make a flush worth it.</param>
/// <param name="budget">How many octets may wait at most; other logs may share it.</param>
/// <param name="counters">Counts for this log, and perhaps others.</param>
/// <param name="framing">What the log is made of; records, if it is not said.</param>
/// <param name="level">Of compression: each flush becomes a frame of Zstandard. Null for none.</param>
public sealed class LogAppender(
    LogFields mask, int flushThreshold = 1024 * 1024, BufferBudget? budget = null, LogCounters? counters = null, int? level = null, LogFraming? framing = null) : IDisposable
{
    private readonly RecordBuffer _buffer = new(budget ?? new BufferBudget(BufferBudget.DefaultLimit), flushThreshold, framing ?? LogFraming.Records);
    private readonly FrameEncoder? _encoder = level is { } wanted ? new FrameEncoder(wanted) : null;
    private CopierCache _copiers = new(mask, CopyWays.Best);
    private LogFields _fields = mask;
    private LogFile? _file;

    public LogCounters Counters { get; } = counters ?? new LogCounters();

    /// <summary>Which sections are stored.</summary>
    public LogFields Fields
    {
        get => _fields;
        set
        {
            if (_fields != value)
                _copiers = new CopierCache(value, CopyWays.Best);
            _fields = value;
        }
    }

    /// <summary>Whether the oldest records give way when the buffer is full; else the newest are not taken.</summary>
    public bool DropsOldest { get; set; }

    /// <summary>True for a file that has no name any more: nobody could find what is written there. What the class library cannot tell.</summary>
    public Func<SafeFileHandle, bool> IsRemoved { get; init; } = static _ => false;

    /// <summary>Turns at writing, if others write to the same files. Null for a log of our own.</summary>
    public ITurns? Turns { get; init; }

    /// <summary>Octets that wait to be written.</summary>
    public int Pending => _buffer.Length;

    /// <summary>Octets that the buffer takes up.</summary>
    public int Capacity => _buffer.Capacity;

    public bool IsAttached => _file is not null;

    /// <summary>The length in octets that the file will have once all that waits is written; -1 if there is none, it is a pipe, or others write to it.</summary>
    public long LengthWhenFlushed => Turns is null && _file is { Length: >= 0 and var length } ? length + Pending : -1;

    public bool ShouldFlush => _buffer.Length >= flushThreshold && IsAttached;

    /// <summary>
    /// Takes over an open file (for appending) or pipe, in place of the one before. The torn end of a log is cut off, if the
    /// descriptor can be read too. A file that is not a version 3 log is refused: it is left as it is, and stays the caller's,
    /// and so does the file before it stay in use.
    /// </summary>
    public LogOpenResult Attach(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        LogOpenResult result = Repair(file);
        if (!result.Succeeded)
            return result;
        Detach();
        _file = new LogFile(file, _encoder, framing ?? LogFraming.Records, IsRemoved, Turns);
        return result;
    }

    /// <summary>Closes the file, if there is one. What was not flushed waits for the next.</summary>
    public void Detach()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Append(in FlowRecord record, ReadOnlySpan<byte> other = default)
    {
        if (!_buffer.TryReserve(LogRecord.MaxLength, out Span<byte> room) && !TryReserveAnew(LogRecord.MaxLength, out room))
        {
            Counters.CountDropped(1);
            return;
        }

        int octets = LogRecord.Write(in record, Fields, room, other);
        _buffer.Take(octets);
        Counters.CountAppended(octets);
    }

    /// <summary>Appends records that are on the wire one behind the other, all of one layout. Fields are those of version 3.0 of the log.</summary>
    /// <param name="blank">What they have in common.</param>
    /// <param name="layout">Where each has the rest.</param>
    /// <param name="wire">The records.</param>
    public void Append(in FlowRecord blank, WireLayout layout, ReadOnlySpan<byte> wire)
    {
        RecordCopier copier = _copiers.Begin(layout, in blank);
        if (TryAppend(copier, wire, wire.Length / layout.Length))
            return;
        for (; !wire.IsEmpty; wire = wire[layout.Length..]) // as many as there is room for
        {
            if (!TryAppend(copier, wire[..layout.Length], 1) && !(DropOldest() && TryAppend(copier, wire[..layout.Length], 1)))
                Counters.CountDropped(1);
        }
    }

    /// <summary>Appends a line, with its line feed, to a log of lines.</summary>
    public void AppendLine(ReadOnlySpan<byte> line)
    {
        if (!_buffer.TryReserve(line.Length, out Span<byte> room) && !TryReserveAnew(line.Length, out room))
        {
            Counters.CountDropped(1);
            return;
        }

        line.CopyTo(room);
        _buffer.Take(line.Length);
        Counters.CountAppended(line.Length);
    }

    /// <summary>
    /// Writes all that waits, in one write. If that fails the file ends with a whole record, and what is not in it waits on. Does not throw
    /// for disk trouble.
    /// </summary>
    public LogFlushResult Flush()
    {
        if (_file is null || _buffer.Length == 0)
            return default;
        long before = _file.Written;
        LogFlushResult result = _file.Write(_buffer.Content, out int records);
        _buffer.Remove(records);
        Counters.CountFlush(_file.Written - before, result.Succeeded);
        return result;
    }

    /// <summary>Waits until the disk has what was written, fsync(2). Does not throw for disk trouble.</summary>
    public LogFlushResult Sync()
    {
        Counters.CountSync();
        return _file?.Sync() ?? default;
    }

    /// <summary>Closes the file without flushing; what waits is dropped and counted.</summary>
    public void Dispose()
    {
        Detach();
        _encoder?.Dispose();
        while (_buffer.Length > 0)
            Counters.CountDropped(_buffer.DropOldest());
    }

    private LogOpenResult Repair(SafeFileHandle file)
    {
        Turns?.Begin(file); // what somebody is just writing is not torn
        try
        {
            return framing == LogFraming.Lines ? LineTail.Repair(file) : LogTail.Repair(file, _encoder is null ? LogEncoding.Plain : LogEncoding.Zstd);
        }
        finally
        {
            Turns?.End();
        }
    }

    private bool TryAppend(RecordCopier copier, ReadOnlySpan<byte> wire, int records)
    {
        int octets = records * copier.Length;
        if (!_buffer.TryReserve(octets + RecordCopier.Overhang, out Span<byte> room))
            return false;
        copier.Copy(wire, room);
        _buffer.Take(octets);
        Counters.CountAppended(octets, records);
        return true;
    }

    private bool TryReserveAnew(int octets, out Span<byte> room)
    {
        room = default;
        return DropOldest() && _buffer.TryReserve(octets, out room);
    }

    // False if the oldest are to stay, or there are none.
    private bool DropOldest()
    {
        if (!DropsOldest || _buffer.Length == 0)
            return false;
        Counters.CountDropped(_buffer.DropOldest());
        return true;
    }
}
