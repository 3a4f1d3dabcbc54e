using System;

namespace Flowd.Rotation;

/// <summary>
/// Which period a moment belongs to, and when that ends. Moments are seconds since 1970-01-01 UTC. Aligned periods follow the local clock: a day has 23
/// or 25 hours where it is changed, and a period shorter than a day ends with the change. Others begin when they are begun.
/// </summary>
public sealed class RotationClock(RotationInterval rotation, TimeZoneInfo zone)
{
    private const long Day = 86_400;

    /// <summary>1970-01-01 was a Thursday: so weeks begin with Monday.</summary>
    private const long FirstMonday = 4 * Day;

    /// <summary>Clocks are changed by less than this.</summary>
    private const long LongestChange = 3 * 3600;

    private (long Start, long End) _last = (long.MinValue, long.MinValue); // asked for again and again

    /// <summary>When the period began that <paramref name="now"/> is in; now itself if it is not aligned.</summary>
    public long StartOf(long now) => rotation.IsAligned ? FindEdge(now, now - rotation.Seconds - LongestChange).Inside : now;

    /// <summary>The first second that belongs to the period after the one that began then.</summary>
    public long EndOf(long start)
    {
        if (_last.Start != start)
            _last = (start, rotation.IsAligned ? FindEdge(start, start + rotation.Seconds + LongestChange).Outside : start + rotation.Seconds);
        return _last.End;
    }

    /// <summary>True if <paramref name="now"/> is behind the period. A clock that was put back a little stays in it, one that was put back far does not.</summary>
    public bool IsOver(long start, long now) => now >= EndOf(start) || now < start - rotation.Seconds;

    // The last moment of the period on the way from one inside to one outside, and the one behind it.
    private (long Inside, long Outside) FindEdge(long inside, long outside)
    {
        (long, long) period = PeriodOf(inside);
        while (Math.Abs(outside - inside) > 1)
        {
            long middle = inside + (outside - inside) / 2;
            if (PeriodOf(middle) == period)
                inside = middle;
            else
                outside = middle;
        }

        return (inside, outside);
    }

    private (long Number, long Offset) PeriodOf(long moment)
    {
        long offset = (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(moment)).TotalSeconds;
        long local = moment + offset - FirstMonday;
        return (Math.DivRem(local, rotation.Seconds) is var (number, rest) && rest < 0 ? number - 1 : number, rotation.Seconds < Day ? offset : 0);
    }
}
