using System;
using System.Collections.Generic;

namespace Flowd.Filter.Index;

/// <summary>
/// <see cref="Intervals"/> of IPv6 addresses. Nearly all prefixes end in the high half of an address, so that is where the search mostly ends too.
/// </summary>
internal sealed class Intervals6
{
    private readonly Intervals _highs;
    private readonly ulong[] _distinctHighs;
    private readonly ulong[] _lows;

    /// <summary>Where the places with each of the high halves begin, and after the last one.</summary>
    private readonly int[] _firstOf;

    /// <summary>The places are ascending, each once.</summary>
    public Intervals6(UInt128[] places)
    {
        var highs = new List<ulong>();
        var firstOf = new List<int>();
        _lows = new ulong[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            ulong high = (ulong)(places[i] >> 64);
            _lows[i] = (ulong)(places[i] & ulong.MaxValue);
            if (highs.Count > 0 && highs[^1] == high)
                continue;
            highs.Add(high);
            firstOf.Add(i);
        }

        _distinctHighs = [.. highs];
        _firstOf = [.. firstOf, places.Length];
        _highs = new Intervals(_distinctHighs);
    }

    /// <summary>How many of the places are at or before an address.</summary>
    public int IndexOf(ulong high, ulong low)
    {
        int index = _highs.IndexOf(high);
        if (index == 0 || _distinctHighs[index - 1] != high)
            return _firstOf[index];
        int first = _firstOf[index - 1];
        int at = Array.BinarySearch(_lows, first, _firstOf[index] - first, low);
        return at < 0 ? ~at : at + 1;
    }
}
