using System;
using System.Globalization;

namespace Flowd.Reader;

/// <summary>
/// The time window of -t: FROM/TO, both included, in seconds since 1970-01-01 UTC. A side is empty, a moment (2026-11-27, 2026-11-27T08:00[:30], 20261127080030 and
/// shorter), @SECONDS, or a time before now (-30s, -15m, -2h, -7d). A moment that leaves out something ends with the last second that it can mean.
/// </summary>
internal static class TimeWindow
{
    private static readonly (string Format, Func<DateTime, DateTime> Next)[] Formats =
    [
        ("yyyy-MM-dd'T'HH:mm:ss", static t => t.AddSeconds(1)), ("yyyy-MM-dd'T'HH:mm", static t => t.AddMinutes(1)), ("yyyy-MM-dd'T'HH", static t => t.AddHours(1)),
        ("yyyy-MM-dd HH:mm:ss", static t => t.AddSeconds(1)), ("yyyy-MM-dd HH:mm", static t => t.AddMinutes(1)), ("yyyy-MM-dd", static t => t.AddDays(1)),
        ("yyyyMMddHHmmss", static t => t.AddSeconds(1)), ("yyyyMMddHHmm", static t => t.AddMinutes(1)), ("yyyyMMddHH", static t => t.AddHours(1)),
        ("yyyyMMdd", static t => t.AddDays(1)), ("yyyyMM", static t => t.AddMonths(1)), ("yyyy", static t => t.AddYears(1)),
    ];

    private static readonly (char Unit, long Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800)];

    /// <summary>False if the text is none. Local times are those of the zone.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, DateTimeOffset now, out uint from, out uint to)
    {
        (from, to) = (0, uint.MaxValue);
        string[] sides = text.Split('/');
        return sides.Length == 2 && TrySide(sides[0], zone, now, isEnd: false, ref from) && TrySide(sides[1], zone, now, isEnd: true, ref to) && from <= to;
    }

    private static bool TrySide(string text, TimeZoneInfo zone, DateTimeOffset now, bool isEnd, ref uint seconds)
    {
        if (text.Length == 0)
            return true;
        if (text[0] == '@')
            return uint.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
        return text[0] == '-' ? TryAgo(text.AsSpan(1), now, ref seconds) : TryMoment(text, zone, isEnd, ref seconds);
    }

    private static bool TryAgo(ReadOnlySpan<char> text, DateTimeOffset now, ref uint seconds)
    {
        char last = text.Length < 2 ? ' ' : text[^1];
        int row = Array.FindIndex(Units, unit => unit.Unit == last);
        if (row < 0 || !uint.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            return false;
        seconds = (uint)Math.Clamp(now.ToUnixTimeSeconds() - number * Units[row].Seconds, 0, uint.MaxValue);
        return true;
    }

    private static bool TryMoment(string text, TimeZoneInfo zone, bool isEnd, ref uint seconds)
    {
        foreach ((string format, Func<DateTime, DateTime> next) in Formats)
        {
            if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime moment))
                continue;
            if (moment.Year is < 1970 or > 2105)
                return false;
            DateTime local = isEnd ? next(moment) : moment;
            long utc = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeSeconds() - (isEnd ? 1 : 0);
            seconds = (uint)Math.Clamp(utc, 0, uint.MaxValue);
            return true;
        }

        return false;
    }
}
