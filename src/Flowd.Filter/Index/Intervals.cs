using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flowd.Filter.Index;

/// <summary>
/// A line of numbers, cut at some places; says between which two a number is. What is between the first place and the last is divided into buckets of equal
/// width, most of which hold no place or one, and within a bucket the places are searched. Nothing depends on a branch, as numbers of records are hard to guess.
/// </summary>
internal sealed class Intervals
{
    private const int MostBits = 20;

    /// <summary>There are 1 to 4 times as many buckets as places.</summary>
    private const int SpareBits = 1;

    private readonly ulong[] _places;
    private readonly ulong _first;
    private readonly ulong _span;
    private readonly int _shift;

    /// <summary>How many places lie before each bucket.</summary>
    private readonly int[] _before = [];

    /// <summary>The highest power of 2 that is not above the number of places in any bucket.</summary>
    private readonly int _longestStep;

    /// <summary>The places are ascending, each once.</summary>
    public Intervals(ulong[] places)
    {
        _places = places;
        if (places.Length == 0)
            return;
        _first = places[0];
        _span = places[^1] - _first;
        int bits = Math.Min(MostBits, BitOperations.Log2((uint)places.Length) + SpareBits);
        _shift = Math.Max(0, BitOperations.Log2(_span) + 1 - bits);
        _before = new int[(int)(_span >> _shift) + 2];
        foreach (ulong place in places)
            _before[(int)(place - _first >> _shift) + 1]++;
        int most = 0;
        for (int i = 1; i < _before.Length; i++)
        {
            most = Math.Max(most, _before[i]);
            _before[i] += _before[i - 1];
        }

        _longestStep = 1 << BitOperations.Log2((uint)most);
    }

    /// <summary>How many of the places are at or before a number.</summary>
    public int IndexOf(ulong number)
    {
        if (_places.Length == 0)
            return 0;
        unchecked
        {
            int bucket = (int)(Math.Min(number - _first, _span) >> _shift);
            int low = _before[bucket];
            int high = _before[bucket + 1];
            for (int step = _longestStep; step > 0; step >>= 1)
            {
                int next = Math.Min(low + step, high);
                low = next - (next - low & MaskIfLess(number, _places[next - 1]));
            }

            return low & ~MaskIfLess(number, _first);
        }
    }

    // All bits if left is less than right, else none: the borrow of their difference.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MaskIfLess(ulong left, ulong right)
        => unchecked((int)((long)(~left & right | ~(left ^ right) & (left - right)) >> 63));
}
