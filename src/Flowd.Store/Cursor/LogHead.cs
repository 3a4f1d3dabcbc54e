using System;
using System.IO;
using System.IO.Hashing;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>What a log is known by, whatever it is called and however it is kept: its first record.</summary>
/// <param name="Fingerprint">A hash of the octets of that record.</param>
/// <param name="Seconds">When it was received, since 1970-01-01 UTC; 0 if it does not say.</param>
/// <param name="Microseconds">And the rest of that time.</param>
/// <param name="Start">A hash of the first octets of the file; 0 while it has not so many.</param>
internal sealed record LogHead(UInt128 Fingerprint, uint Seconds, uint Microseconds, ulong Start)
{
    private const int StartLength = 64;

    /// <summary>
    /// Null if there is no record yet, or the file is something else. If the file begins as it did when <paramref name="known"/> was read, that is returned.
    /// Throws what reading throws.
    /// </summary>
    public static LogHead? TryRead(SafeFileHandle file, LogHead? known = null)
    {
        Span<byte> octets = stackalloc byte[LogRecord.MaxLength];
        octets = octets[..RandomAccess.Read(file, octets, 0)];
        ulong start = octets.Length < StartLength ? 0 : XxHash3.HashToUInt64(octets[..StartLength]);
        if (known is not null && start != 0 && known.Start == start)
            return known;
        if (LogRecord.TryRead(octets, out FlowRecord record, out int length) == LogError.None)
            return Of(in record, octets[..length], start);

        using var stream = new HandleStream(file, 0);
        using var reader = new LogReader(stream);
        return reader.TryRead(out record) ? Of(in record, reader.RecordOctets, start) : null;
    }

    private static LogHead Of(in FlowRecord record, ReadOnlySpan<byte> octets, ulong start)
        => new(XxHash128.HashToUInt128(octets), record.ReceivedSeconds, record.ReceivedMicroseconds, start);
}
