using System;
using System.Globalization;

namespace Flowd.Config.Syntax;

/// <summary>Numbers with a unit behind them.</summary>
internal static class Amounts
{
    /// <summary>The largest first; without a unit it is one.</summary>
    public static readonly (char Unit, long Factor)[] Seconds = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    public static readonly (char Unit, long Factor)[] Octets = [('T', 1L << 40), ('G', 1 << 30), ('M', 1 << 20), ('K', 1 << 10)];

    /// <summary>Of what is counted, not stored.</summary>
    public static readonly (char Unit, long Factor)[] Thousands = [('T', 1_000_000_000_000), ('G', 1_000_000_000), ('M', 1_000_000), ('K', 1000)];

    private const long Most = long.MaxValue >> 1;

    /// <summary>False if it is none, or too large a number. Times need a unit.</summary>
    public static bool TryParse(string text, (char Unit, long Factor)[] units, out long amount)
    {
        amount = 0;
        long factor = 1;
        ReadOnlySpan<char> digits = text;
        if (text.Length > 0 && Array.FindIndex(units, unit => unit.Unit == text[^1]) is >= 0 and var row)
        {
            digits = digits[..^1];
            factor = units[row].Factor;
        }
        else if (units == Seconds)
        {
            return false;
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > Most / factor)
            return false;
        amount = number * factor;
        return true;
    }

    /// <summary>The shortest text that says it.</summary>
    public static string Print(long amount, (char Unit, long Factor)[] units)
    {
        foreach ((char unit, long factor) in units)
        {
            if (amount % factor == 0)
                return (amount / factor).ToString(CultureInfo.InvariantCulture) + unit;
        }

        return amount.ToString(CultureInfo.InvariantCulture);
    }
}
