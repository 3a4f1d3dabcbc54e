using System;
using System.IO;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>Reads a version 2 log: a file header of 16 octets (magic, version, start time, flags, each u32), then records.</summary>
public sealed class LegacyLogReader
{
    public const int HeaderLength = 16;

    internal const byte MagicFirst = 0x01;
    internal const int SignatureLength = 8;

    private const uint Magic = 0x012C_F047;
    private const uint Version = 2;

    private readonly RecordScanner _scanner;

    /// <summary>Reads the file header at once; see <see cref="Status"/>.</summary>
    public LegacyLogReader(Stream stream, Action<LogGap>? onGap = null)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        int read = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (read < HeaderLength)
            Status = LogError.Truncated;
        else if (!IsHeader(header))
            Status = LogError.NotLegacyLog;
        else
            StartTime = ReadUInt32BigEndian(header[8..]);
        _scanner = new RecordScanner(stream, RecordFormat.Two, HeaderLength, onGap);
    }

    /// <summary>None while there are records, then EndOfLog; Truncated or NotLegacyLog if the file header is not one.</summary>
    public LogError Status { get; private set; }

    /// <summary>When the log was begun: seconds since 1970-01-01 UTC.</summary>
    public uint StartTime { get; }

    /// <summary>The offset of the record that was read last.</summary>
    public long Position => _scanner.RecordOffset;

    /// <summary>The offset behind it.</summary>
    public long NextPosition => _scanner.Offset;

    public long Gaps => _scanner.Gaps;

    /// <summary>The next record, as version 3 would hold it; false when there is none, for the reason that <see cref="Status"/> gives.</summary>
    public bool TryRead(out FlowRecord record)
    {
        if (Status == LogError.None && _scanner.TryRead(out record))
            return true;

        record = default;
        if (Status == LogError.None)
            Status = LogError.EndOfLog;
        return false;
    }

    internal static bool IsHeader(ReadOnlySpan<byte> start)
        => start.Length >= SignatureLength && ReadUInt32BigEndian(start) == Magic && ReadUInt32BigEndian(start[4..]) == Version;
}
