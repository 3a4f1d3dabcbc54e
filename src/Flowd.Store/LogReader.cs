using System;
using System.IO;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>
/// Reads the records of a version 3 log, from a file or a pipe. Damage is skipped and reported, once for each gap; only trouble
/// with the stream itself is an exception (IOException). Allocates nothing per record. The stream stays the caller's.
/// </summary>
public sealed class LogReader
{
    private readonly RecordScanner _scanner;
    private bool _started;

    /// <param name="stream">The log, from where it stands.</param>
    /// <param name="onGap">Told of every gap, before the record behind it is returned.</param>
    /// <param name="offset">Where in the log the stream stands, in octets; only for what is reported.</param>
    public LogReader(Stream stream, Action<LogGap>? onGap = null, long offset = 0)
        => _scanner = new RecordScanner(stream, RecordFormat.Three, offset, onGap);

    /// <summary>None while there are records, then EndOfLog; LegacyLog if this is a version 2 log, of which nothing is read.</summary>
    public LogError Status { get; private set; }

    /// <summary>The offset of the record that was read last.</summary>
    public long Position => _scanner.RecordOffset;

    /// <summary>The offset behind it.</summary>
    public long NextPosition => _scanner.Offset;

    /// <summary>The octets of that record, as they stand in the log, checksum included; until the next call, and empty after one that returned false.</summary>
    public ReadOnlySpan<byte> RecordOctets => _scanner.RecordOctets;

    public long Gaps => _scanner.Gaps;

    /// <summary>The next record; false when there is none, for the reason that <see cref="Status"/> gives.</summary>
    public bool TryRead(out FlowRecord record)
    {
        if (!_started)
            Start();
        if (Status == LogError.None && _scanner.TryRead(out record))
            return true;

        record = default;
        if (Status == LogError.None)
            Status = LogError.EndOfLog;
        return false;
    }

    private void Start()
    {
        _started = true;
        // A magic number is no version 3 record, so a single octet decides whether to look at more of a pipe.
        if (_scanner.Peek(1) is [LegacyLogReader.MagicFirst] && LegacyLogReader.IsHeader(_scanner.Peek(LegacyLogReader.SignatureLength)))
            Status = LogError.LegacyLog;
    }
}
