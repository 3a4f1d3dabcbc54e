using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Decode.Sets;

/// <summary>
/// The abstract data types for absolute times (RFC 7011 sections 6.1.7 to 6.1.10), all as nanoseconds since 1970-01-01 UTC.
/// </summary>
internal static class EpochTime
{
    /// <summary>Stands for a time that is out of any reason.</summary>
    public const long Invalid = long.MinValue;

    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;
    public const long Microsecond = 1000;

    private const ulong LatestMilliseconds = long.MaxValue / Millisecond; // the year 2262
    private const uint SecondsFrom1900To1970 = 2_208_988_800;

    public static long FromSeconds(ReadOnlySpan<byte> value) => ReadUInt32BigEndian(value) * Second;

    public static long FromMilliseconds(ReadOnlySpan<byte> value)
    {
        ulong milliseconds = ReadUInt64BigEndian(value);
        return milliseconds <= LatestMilliseconds ? (long)milliseconds * Millisecond : Invalid;
    }

    /// <summary>Seconds since 1900 and a fraction of 32 bits. Seconds before 1970 are of the era that begins in 2036.</summary>
    public static long FromNtp(ReadOnlySpan<byte> value)
    {
        long seconds = (long)ReadUInt32BigEndian(value) - SecondsFrom1900To1970;
        if (seconds < 0)
            seconds += 1L << 32;
        return seconds * Second + (ReadUInt32BigEndian(value[4..]) * Second >> 32);
    }

    /// <summary>A time as milliseconds of uptime, if it is one: neither before the boot nor more than 32 bits after it.</summary>
    public static bool TryGetUptime(long time, long boot, out uint uptime)
    {
        long difference = time == Invalid || boot == Invalid ? -1 : time / Millisecond - boot / Millisecond;
        bool isUptime = difference is >= 0 and <= uint.MaxValue;
        uptime = isUptime ? (uint)difference : 0;
        return isUptime;
    }
}
