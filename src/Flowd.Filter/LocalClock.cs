using System;

namespace Flowd.Filter;

/// <summary>
/// Local time of the instants that records were received at. Remembers the last answer: records come in the order of
/// their reception, so each second is converted once.
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private const long SecondsPerDay = 86400;

    /// <summary>1970-01-01 was a Thursday, day 4 of the week.</summary>
    private const long FirstDayOfWeek = 4;

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private uint _instant;
    private long _local = OffsetAt(zone, 0);

    /// <summary>The bit of <see cref="DaySet"/>; <paramref name="instant"/> is in seconds since 1970-01-01 UTC.</summary>
    public long DayBit(uint instant) => 1L << (int)((FloorDivide(Local(instant), SecondsPerDay) + FirstDayOfWeek + 7) % 7);

    /// <summary>0 to 86399.</summary>
    public long SecondOfDay(uint instant)
    {
        long local = Local(instant);
        return local - FloorDivide(local, SecondsPerDay) * SecondsPerDay;
    }

    /// <summary>
    /// The instant at which the wall shows <paramref name="local"/>, as mktime(3) has it: of two, the first; a time that was skipped
    /// counts on from before the gap.
    /// </summary>
    public static long ToInstant(TimeZoneInfo zone, LocalTime local)
    {
        long wall = local.Seconds;
        long before = OffsetAt(zone, wall - SecondsPerDay);
        if (OffsetAt(zone, wall - before) == before)
            return wall - before;
        long after = OffsetAt(zone, wall + SecondsPerDay);
        return OffsetAt(zone, wall - after) == after ? wall - after : wall - before;
    }

    private long Local(uint instant)
    {
        if (instant != _instant)
        {
            _local = instant + OffsetAt(zone, instant);
            _instant = instant;
        }

        return _local;
    }

    private static long OffsetAt(TimeZoneInfo zone, long instant)
        => (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(instant, Earliest, Latest))).TotalSeconds;

    private static long FloorDivide(long value, long by) => (value - (value % by + by) % by) / by;
}
