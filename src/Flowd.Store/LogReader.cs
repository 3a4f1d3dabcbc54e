using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>
/// Reads the records of a version 3 log, from a file or a pipe, compressed or not. Damage is skipped and reported, once for each gap; only trouble
/// with the stream itself is an exception (IOException). Allocates nothing per record. The stream stays the caller's. Offsets are those of the records
/// without compression; of frames that cannot be decoded, those in the file.
/// </summary>
public sealed class LogReader : IDisposable
{
    private readonly Stream _stream;
    private readonly Action<LogGap>? _onGap;
    private readonly LogSelection? _selection;
    private readonly Func<bool>? _goesOn;
    private readonly long _skip;
    private readonly long _offset;
    private readonly Lock _turn = new();
    private Stream? _content;
    private RecordScanner? _scanner;
    private long _frameGaps;

    /// <param name="stream">The log, from where it stands.</param>
    /// <param name="onGap">Told of every gap, before the record behind it is returned.</param>
    /// <param name="offset">Where in the log the stream stands, in octets; only for what is reported.</param>
    /// <param name="selection">What is wanted. Blocks that an index says to hold nothing of it are skipped; what else comes is for the caller to look at.</param>
    /// <param name="goesOn">Asked where the stream ends within a record or a frame: whether there is more of it now. That may be asked again and again.</param>
    public LogReader(Stream stream, Action<LogGap>? onGap = null, long offset = 0, LogSelection? selection = null, Func<bool>? goesOn = null)
        : this(stream, onGap, offset, selection, goesOn, skip: 0)
    {
    }

    private LogReader(Stream stream, Action<LogGap>? onGap, long offset, LogSelection? selection, Func<bool>? goesOn, long skip)
        => (_stream, _onGap, _offset, _selection, _goesOn, _skip) = (stream, onGap, offset, selection, goesOn, skip);

    /// <summary>None while there are records, then EndOfLog; LegacyLog if this is a version 2 log, of which nothing is read.</summary>
    public LogError Status { get; private set; }

    /// <summary>The offset of the record that was read last.</summary>
    public long Position => _scanner?.RecordOffset ?? _offset;

    /// <summary>The offset behind it.</summary>
    public long NextPosition => _scanner?.Offset ?? _offset;

    /// <summary>The octets of that record, as they stand in the log, checksum included; until the next call, and empty after one that returned false.</summary>
    public ReadOnlySpan<byte> RecordOctets => _scanner is null ? default : _scanner.RecordOctets;

    public long Gaps => (_scanner?.Gaps ?? 0) + _frameGaps;

    /// <summary>Begins at an offset of the log, to which compressed ones are not decoded but for a part of a frame. The stream stands at the beginning.</summary>
    public static LogReader OpenAt(Stream stream, long offset, Action<LogGap>? onGap = null) => new(stream, onGap, offset, null, null, skip: offset);

    /// <summary>The next record; false when there is none, for the reason that <see cref="Status"/> gives.</summary>
    public bool TryRead(out FlowRecord record)
    {
        record = default;
        return TryRead(LogFields.Everything, ref record);
    }

    /// <summary>
    /// The next record, of which only some sections may be read: <see cref="FlowRecord.Fields"/> names all that it has. Quicker for one who passes the same
    /// record again and again, as it was returned or with other values in the sections that were read.
    /// </summary>
    public bool TryRead(LogFields wanted, ref FlowRecord record)
    {
        if (_scanner is null)
            Start();
        if (Status == LogError.None && _scanner!.TryRead(wanted, ref record))
            return true;

        record = default;
        if (Status == LogError.None)
            Status = LogError.EndOfLog;
        return false;
    }

    /// <summary>
    /// Takes some records to look at, of a log of any length, and as few as one; false if there are none here, or something is wrong: TryRead says what, after
    /// <see cref="PutBack"/>. For several threads; each batch begins where another one ends, and they may be had in any order. Reads ahead, so it is not for pipes.
    /// </summary>
    public bool TryTakeBatch(LogBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_turn)
        {
            if (_scanner is null)
                Start();
            if (Status != LogError.None)
                return false;
            if (!_scanner!.BeginPieces())
                return _scanner.TryTakeBatch(batch);
        }

        return _scanner.TryTakePiece(batch);
    }

    /// <summary>
    /// Ends taking batches, which no thread does any more. Takes some back, in their order, up to the last one, or none: their records are read again.
    /// </summary>
    public void PutBack(IReadOnlyCollection<LogBatch> batches) => _scanner?.PutBack(batches);

    public void Dispose()
    {
        if (_content != _stream)
            _content?.Dispose();
    }

    private void Start()
    {
        _content = LogContent.Open(_stream, FrameGap, _selection, _goesOn);
        if (_skip > 0)
            LogContent.Skip(_content, _skip);
        _scanner = new RecordScanner(_content, RecordFormat.Three, _offset, _onGap, _content is ZstdStream frames ? frames.GiveUpFrame : null, _content == _stream ? _goesOn : null);
        // A magic number is no version 3 record, so a single octet decides whether to look at more of a pipe.
        if (_scanner.Peek(1) is [LegacyLogReader.MagicFirst] && LegacyLogReader.IsHeader(_scanner.Peek(LegacyLogReader.SignatureLength)))
            Status = LogError.LegacyLog;
    }

    private void FrameGap(LogGap gap)
    {
        _frameGaps++;
        _onGap?.Invoke(gap);
    }
}
