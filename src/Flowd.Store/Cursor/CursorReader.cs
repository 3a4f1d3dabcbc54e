using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>What became of opening a log.</summary>
internal enum CursorOpening
{
    Opened,

    /// <summary>It is not there, or not to be read.</summary>
    Unreadable,

    /// <summary>It is another log than that of the mark.</summary>
    Different,
}

/// <summary>
/// An open log from a mark on, which may grow, and may be renamed or removed meanwhile. What is not whole at its end, a record or a frame, is left for later.
/// </summary>
internal sealed class CursorReader : IDisposable
{
    private const long EndLength = 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly LogEncoding _encoding;
    private readonly List<LogGap> _gaps = [];
    private HandleStream _stream;
    private Stream _content;
    private RecordScanner _scanner;
    private (long Length, DateTime Written) _state; // of the file, when it was looked at last
    private long _limit; // up to where it is whole
    private bool _isDry; // all up to there was read

    private CursorReader(SafeFileHandle file)
    {
        _file = file;
        Span<byte> start = stackalloc byte[LogEncodings.SignatureLength];
        _encoding = LogEncodings.Detect(start[..RandomAccess.Read(file, start, 0)]);
        TryExtend();
        (_stream, _content, _scanner) = Begin(0);
    }

    /// <summary>The record read last, as it stands in the log.</summary>
    public ReadOnlySpan<byte> RecordOctets => _scanner.RecordOctets;

    /// <summary>Where it begins.</summary>
    public long RecordOffset => _scanner.RecordOffset;

    /// <summary>Where it ends.</summary>
    public long Offset => _scanner.Offset;

    /// <summary>What was at the end, and no record, when the end was reached; offsets of frames are those in the file.</summary>
    public LogGap? Tail { get; private set; }

    /// <summary>Opens a log behind a mark.</summary>
    public static CursorOpening TryOpen(string path, UInt128 fingerprint, in CursorMark mark, out CursorReader? reader)
    {
        SafeFileHandle? file = null;
        reader = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (LogHead.TryRead(file)?.Fingerprint == fingerprint)
                reader = new CursorReader(file);
            if (reader?.TryGoTo(in mark) == true)
                return CursorOpening.Opened;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            reader?.Dispose();
            file?.Dispose();
            reader = null;
            return CursorOpening.Unreadable;
        }

        reader?.Dispose();
        file.Dispose();
        reader = null;
        return CursorOpening.Different;
    }

    /// <summary>
    /// Whether only a new reader can follow the log: its file was cut short, or is of a kind that is only read as a whole, or that name has another by now.
    /// </summary>
    /// <param name="named">The file that was found by that name; null if there was none.</param>
    public bool IsOutdated(CursorFile? named)
    {
        (long length, DateTime written) = Look();
        if (_encoding == LogEncoding.Plain && length < Offset)
            return true;
        if (_encoding == LogEncoding.Gzip && _state != (length, written))
            return true;
        return named is not null && (named.Written > written || (named.Written == written && named.Length != length));
    }

    /// <summary>Goes to the end without reading all before it. False if that cannot be.</summary>
    public bool TryGoToEnd()
    {
        long start = _encoding switch
        {
            LogEncoding.Plain => Math.Max(0, _limit - EndLength),
            LogEncoding.Zstd => StartOfLastFrame(),
            _ => -1,
        };
        if (start < 0)
            return false;
        StartAt(start);
        return true;
    }

    /// <summary>The next record; false if there is none now. Gaps before it are reported first. Throws what reading throws.</summary>
    public bool TryRead(out FlowRecord record, Action<LogGap>? onGap)
    {
        record = default;
        do
        {
            if (!_isDry && TryScan(out record, onGap))
                return true;
            _isDry = true;
        }
        while (TryExtend());
        return false;
    }

    public void Dispose()
    {
        if (_content != _stream)
            _content.Dispose();
        _stream.Dispose();
        _file.Dispose();
    }

    private bool TryScan(out FlowRecord record, Action<LogGap>? onGap)
    {
        _gaps.Clear();
        long from = _scanner.Offset;
        bool found = _scanner.TryRead(out record);
        if (!found && _encoding == LogEncoding.Plain)
        {
            // The rest of a record may be on its way, or what is there may be cut off before more is appended.
            Tail = _gaps.Count > 0 ? _gaps[0] : null;
            _stream.Position = from;
            _scanner.Restart(from);
            return false;
        }

        foreach (LogGap gap in _gaps)
            onGap?.Invoke(gap);
        return found;
    }

    // Up to what is whole now; false if that is no more than before.
    private bool TryExtend()
    {
        (long Length, DateTime Written) state = Look();
        if (state == _state || (_encoding == LogEncoding.Gzip && _state.Length > 0))
            return false;
        _state = state;
        long limit = _encoding == LogEncoding.Zstd ? EndOfFrames(state.Length) : state.Length;
        if (_encoding == LogEncoding.Zstd)
        {
            Tail = limit < state.Length ? new LogGap(limit, state.Length - limit, LogError.Truncated) : null;
            if (limit == _limit)
                return false;
        }

        _limit = limit;
        _isDry = false;
        Resume();
        return true;
    }

    private long EndOfFrames(long length)
    {
        long end = _limit;
        for (long at = end; at < length;)
        {
            if (FrameWalk.TryMeasure(_file, at, length, out FrameHeader _, out long frame) == LogError.None)
                end = at += frame;
            else
                at = FrameWalk.FindMagic(_file, at + 1, length);
        }

        return end;
    }

    private void Resume()
    {
        if (_stream is null)
            return;
        _stream.Limit = _limit;
        (_content as ZstdStream)?.Resume();
        _scanner.Resume();
    }

    private (long Length, DateTime Written) Look() => (RandomAccess.GetLength(_file), File.GetLastWriteTimeUtc(_file));

    // The record before the mark is read again: if it is not what it was, this is another log.
    private bool TryGoTo(in CursorMark mark)
    {
        if (mark.RecordOctets == 0)
            return true;
        bool hasGaps = mark.Offset != mark.RecordOctets;
        if (!hasGaps)
            StartAt(mark.Offset - mark.LastLength);
        for (long octets = hasGaps ? 0 : mark.Offset - mark.LastLength; octets < mark.RecordOctets; octets += RecordOctets.Length)
        {
            if (!TryScan(out _, onGap: null))
                return false;
        }

        return (hasGaps || Offset == mark.Offset) && RecordOctets.Length == mark.LastLength && CursorMark.HashOf(RecordOctets) == mark.LastHash;
    }

    private (HandleStream Stream, Stream Content, RecordScanner Scanner) Begin(long offset)
    {
        var stream = new HandleStream(_file, 0) { Limit = _limit };
        Stream content = LogContent.Open(stream, _gaps.Add);
        LogContent.Skip(content, offset);
        return (stream, content, new RecordScanner(content, RecordFormat.Three, offset, _gaps.Add));
    }

    private void StartAt(long offset)
    {
        if (_content != _stream)
            _content.Dispose();
        (_stream, _content, _scanner) = Begin(offset);
    }

    // In octets of content; -1 if a frame does not say how much it has.
    private long StartOfLastFrame()
    {
        long start = 0;
        long end = 0;
        for (long at = 0; at < _limit;)
        {
            if (FrameWalk.TryMeasure(_file, at, _limit, out FrameHeader header, out long frame) != LogError.None || header.ContentLength < 0)
                return -1;
            at += frame;
            if (!header.IsSkippable && header.ContentLength > 0)
                (start, end) = (end, end + header.ContentLength);
        }

        return start;
    }
}
