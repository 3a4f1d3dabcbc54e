using System;

namespace Flowd.Filter;

/// <summary>
/// Local time of the instants that records were received at. Remembers the last answer: records come in the order of
/// their reception, so each second is converted once.
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private const long SecondsPerDay = 86400;

    private const long DaysPerWeek = 7;

    /// <summary>1969-12-31 was a Wednesday, day 3 of the week.</summary>
    private const long DayBeforeFirst = 3;

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private uint? _instant;
    private long _dayBit;
    private long _secondOfDay;

    /// <summary>The bit of <see cref="DaySet"/>; <paramref name="instant"/> is in seconds since 1970-01-01 UTC.</summary>
    public long DayBit(uint instant)
    {
        Convert(instant);
        return _dayBit;
    }

    /// <summary>0 to 86399.</summary>
    public long SecondOfDay(uint instant)
    {
        Convert(instant);
        return _secondOfDay;
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

    /// <summary>The instants that the condition holds at.</summary>
    public static RangeSet InstantsOf(TimeZoneInfo zone, DateIn date)
    {
        long first = date.After is { } after ? ToInstant(zone, after) + 1 : 0;
        long last = date.Before is { } before ? ToInstant(zone, before) - 1 : long.MaxValue;
        return last < 0 ? RangeSet.Of() : RangeSet.Between((ulong)Math.Max(0, first), (ulong)last);
    }

    private void Convert(uint instant)
    {
        if (instant == _instant)
            return;
        long local = instant + OffsetAt(zone, instant) + SecondsPerDay; // a day more, as it may be before 1970
        _secondOfDay = local % SecondsPerDay;
        _dayBit = 1L << (int)((local / SecondsPerDay + DayBeforeFirst) % DaysPerWeek);
        _instant = instant;
    }

    private static long OffsetAt(TimeZoneInfo zone, long instant)
        => (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(instant, Earliest, Latest))).TotalSeconds;
}
