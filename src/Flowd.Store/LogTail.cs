using System;
using System.IO;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// Looks at the end of a log before anything is appended, and cuts off what is torn there: behind it, the original reader would
/// read nothing, and ours would report damage for ever.
/// </summary>
public static class LogTail
{
    // Enough for thousands of records, and read in a millisecond.
    private const long Window = 1024 * 1024;

    /// <summary>Repairs the file, which must be kept as is expected. One that cannot be read, or has no end to speak of, is taken as it is.</summary>
    public static LogOpenResult Repair(SafeFileHandle file, LogEncoding expected)
    {
        try
        {
            long length = RandomAccess.GetLength(file);
            return length == 0 ? default : expected == LogEncoding.Zstd ? ExamineFrames(file, length) : Examine(file, length);
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return default; // a pipe, or opened for writing only
        }
    }

    /// <summary>Repairs a file of which only its content tells whether it is of records or of lines.</summary>
    public static LogOpenResult RepairAny(SafeFileHandle file, LogEncoding expected)
    {
        byte[] first = new byte[1];
        return expected == LogEncoding.Plain && RandomAccess.Read(file, first, 0) == 1 && first[0] == LineTail.First ? LineTail.Repair(file) : Repair(file, expected);
    }

    private static LogOpenResult Examine(SafeFileHandle file, long length)
    {
        Span<byte> start = stackalloc byte[LogRecord.MaxLength];
        start = start[..RandomAccess.Read(file, start, 0)];
        if (LegacyLogReader.IsHeader(start))
            return new LogOpenResult(LogError.LegacyLog);
        if (LogEncodings.Detect(start) != LogEncoding.Plain)
            return new LogOpenResult(LogError.CompressedLog);

        bool startsWell = LogRecord.IsRecord(start, out _);
        long from = startsWell ? Math.Max(0, length - Window) : 0;
        TailScan scan = Scan(file, from);
        if (scan.End < length && from > 0 && !scan.LastIsChecked)
            scan = Scan(file, 0); // begun in the middle, what looks like a record need not be one
        if (scan.End == length)
            return default;
        if (!startsWell && !scan.AnyIsChecked && !LogRecord.IsTornBeginning(start))
            return new LogOpenResult(LogError.ForeignFile);
        return Cut(file, scan.End, length);
    }

    private static LogOpenResult ExamineFrames(SafeFileHandle file, long length)
    {
        Span<byte> start = stackalloc byte[LogRecord.MaxLength];
        start = start[..RandomAccess.Read(file, start, 0)];
        if (LogRecord.IsRecord(start, out _) || LegacyLogReader.IsHeader(start))
            return new LogOpenResult(LogError.PlainLog);
        long end = FrameWalk.EndOfLast(file, length);
        if (end == length)
            return default;
        return end > 0 || IsTornFrame(start) ? Cut(file, end, length) : new LogOpenResult(LogError.ForeignFile);
    }

    // All that is left of a first frame.
    private static bool IsTornFrame(ReadOnlySpan<byte> start)
        => start.Length < LogEncodings.SignatureLength || LogEncodings.Detect(start) == LogEncoding.Zstd;

    private static LogOpenResult Cut(SafeFileHandle file, long end, long length)
    {
        try
        {
            RandomAccess.SetLength(file, end);
            return new LogOpenResult(LogError.None, end, length - end);
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return new LogOpenResult(LogError.RepairFailed, end, length - end, DiskTrouble.Describe(e));
        }
    }

    private static TailScan Scan(SafeFileHandle file, long from)
    {
        using var stream = new HandleStream(file, from);
        var reader = new LogReader(stream, offset: from);
        var scan = new TailScan(0, false, false);
        while (reader.TryRead(out FlowRecord record))
        {
            bool isChecked = (record.Fields & LogFields.Crc32) != 0;
            scan = new TailScan(reader.NextPosition, isChecked, isChecked || scan.AnyIsChecked);
        }

        return scan;
    }

    /// <summary>Where the last record ends, whether it has a checksum, and whether any has.</summary>
    private readonly record struct TailScan(long End, bool LastIsChecked, bool AnyIsChecked);
}
