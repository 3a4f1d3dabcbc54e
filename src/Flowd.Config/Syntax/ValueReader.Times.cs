using System;
using System.Globalization;
using System.Linq;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    private const int DaysInWeek = 7;

    /// <summary>What a date leaves out: 1 January, 00:00:00.</summary>
    private const string StartOfYear = "YYYY0101000000";

    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] TimeFormats = ["H:m:s", "H:m"];

    /// <summary>DAY, DAY-DAY (which may go over the weekend), or DAY,DAY,...</summary>
    public DaySet ReadDays()
    {
        int first = ReadDay();
        if (tokens.AcceptPunctuation("-"))
            return Range(first, ReadDay());
        DaySet days = Bit(first);
        while (tokens.AcceptPunctuation(","))
            days |= Bit(ReadDay());
        return days;
    }

    /// <summary>HH:MM or HH:MM:SS.</summary>
    public TimeOnly ReadTimeOfDay()
    {
        Token token = tokens.ExpectString("a time of day");
        if (!TimeOnly.TryParseExact(token.Text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
            tokens.Report(token, $"\"{token.Text}\" is not a time of day; expected HH:MM or HH:MM:SS");
        return time;
    }

    /// <summary>YYYY, YYYYMM, YYYYMMDD, and so on down to the second.</summary>
    public LocalTime ReadDate()
    {
        Token token = tokens.ExpectString("a date");
        if (!TryDate(token.Text, out LocalTime date))
            tokens.Report(token, $"\"{token.Text}\" is not a date; expected YYYY, YYYYMM, YYYYMMDD, ..., YYYYMMDDHHMMSS from 1970 on");
        return date;
    }

    private static bool TryDate(string text, out LocalTime date)
    {
        date = default;
        if (text.Length is < 4 or > 14 || text.Length % 2 != 0 || !text.All(char.IsAsciiDigit))
            return false;
        string full = text + StartOfYear[text.Length..];
        bool isDate = DateOnly.TryParseExact(full.AsSpan(0, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day);
        bool isTime = TimeOnly.TryParseExact(full.AsSpan(8), "HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time);
        date = new LocalTime(day, time);
        return isDate && isTime && day.Year >= 1970;
    }

    // Names in full or their first three letters; capitals do not matter.
    private int ReadDay()
    {
        Token token = tokens.ExpectString("a day of the week");
        int day = Array.FindIndex(DayNames, name =>
            name.Equals(token.Text, StringComparison.OrdinalIgnoreCase) || name.AsSpan(0, 3).Equals(token.Text, StringComparison.OrdinalIgnoreCase));
        if (day < 0)
            tokens.Report(token, $"\"{token.Text}\" is not a day of the week");
        return Math.Max(day, 0);
    }

    private static DaySet Range(int first, int last)
    {
        DaySet days = Bit(first);
        for (int day = first; day != last; days |= Bit(day))
            day = (day + 1) % DaysInWeek;
        return days;
    }

    private static DaySet Bit(int day) => (DaySet)(1 << day);
}
