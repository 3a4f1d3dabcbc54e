using System;
using System.Globalization;

namespace Flowd.Filter;

/// <summary>A date and a time as a clock on the wall shows them, to the second; which instant that is, only a time zone can say.</summary>
public readonly record struct LocalTime(DateOnly Date, TimeOnly Time) : IComparable<LocalTime>
{
    private const int SecondsPerDay = 86400;

    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Seconds since 1970-01-01 00:00:00 on the same wall.</summary>
    public long Seconds => (long)(Date.DayNumber - EpochDay) * SecondsPerDay + SecondOfDay(Time);

    public static bool operator <(LocalTime left, LocalTime right) => left.Seconds < right.Seconds;

    public static bool operator >(LocalTime left, LocalTime right) => left.Seconds > right.Seconds;

    public static bool operator <=(LocalTime left, LocalTime right) => left.Seconds <= right.Seconds;

    public static bool operator >=(LocalTime left, LocalTime right) => left.Seconds >= right.Seconds;

    public int CompareTo(LocalTime other) => Seconds.CompareTo(other.Seconds);

    /// <summary>YYYYMMDDHHMMSS, the form that rules are written in.</summary>
    public override string ToString()
        => Date.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + Time.ToString("HHmmss", CultureInfo.InvariantCulture);

    internal static int SecondOfDay(TimeOnly time) => time.Hour * 3600 + time.Minute * 60 + time.Second;
}
