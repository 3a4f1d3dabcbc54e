using System;

namespace Flowd.Sinks;

/// <summary>A length of time as the original prints it: "1d3h46m39s.999". Units that are zero are left out, but for the seconds.</summary>
internal static class IntervalText
{
    // A year has 52 weeks here.
    private static readonly (uint Seconds, byte Symbol)[] Units =
    [
        (52 * 7 * 24 * 3600, (byte)'y'),
        (7 * 24 * 3600, (byte)'w'),
        (24 * 3600, (byte)'d'),
        (3600, (byte)'h'),
        (60, (byte)'m'),
        (1, (byte)'s'),
    ];

    public static void Write(Utf8Buffer output, uint milliseconds)
    {
        (uint rest, uint fraction) = Math.DivRem(milliseconds, 1000u);
        foreach ((uint seconds, byte symbol) in Units)
        {
            if (rest < seconds && seconds > 1)
                continue;
            (uint count, rest) = Math.DivRem(rest, seconds);
            output.AddNumber((ulong)count);
            output.Add(symbol);
        }

        output.Add((byte)'.');
        output.AddPadded(fraction, 3);
    }
}
