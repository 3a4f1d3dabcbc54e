using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter;

/// <summary>Numbers from Low to High, both included.</summary>
public readonly record struct NumberRange(ulong Low, ulong High);

/// <summary>A set of numbers, as the fewest ranges that are it: sorted, and with gaps between them. Two are equal if they have the same numbers.</summary>
public sealed class RangeSet : IEquatable<RangeSet>
{
    private readonly NumberRange[] _ranges;

    /// <summary>Ranges in any order, which may overlap; one whose ends are the wrong way around is empty.</summary>
    public RangeSet(IEnumerable<NumberRange> ranges)
    {
        var merged = new List<NumberRange>();
        foreach (NumberRange range in ranges.Where(range => range.Low <= range.High).OrderBy(range => range.Low))
        {
            if (merged is [.., var last] && (last.High == ulong.MaxValue || range.Low <= last.High + 1))
                merged[^1] = last with { High = Math.Max(last.High, range.High) };
            else
                merged.Add(range);
        }

        _ranges = [.. merged];
    }

    public IReadOnlyList<NumberRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Where numbers begin to be in the set and where they cease to be, in turn, ascending. The last range has no end if it goes up to the highest number.</summary>
    internal ulong[] Edges => [.. _ranges.SelectMany(static range => range.High == ulong.MaxValue ? new[] { range.Low } : [range.Low, range.High + 1])];

    public static RangeSet Of(params ReadOnlySpan<ulong> numbers)
    {
        var ranges = new List<NumberRange>();
        foreach (ulong number in numbers)
            ranges.Add(new NumberRange(number, number));
        return new RangeSet(ranges);
    }

    public static RangeSet Between(ulong low, ulong high) => new([new NumberRange(low, high)]);

    public bool Contains(ulong number)
    {
        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (number < _ranges[middle].Low)
                high = middle - 1;
            else if (number > _ranges[middle].High)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>True if <paramref name="other"/> has all of these numbers.</summary>
    public bool IsWithin(RangeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Array.TrueForAll(_ranges, range => Array.Exists(other._ranges, wider => wider.Low <= range.Low && range.High <= wider.High));
    }

    public bool Equals(RangeSet? other) => ReferenceEquals(this, other) || (other is not null && _ranges.AsSpan().SequenceEqual(other._ranges));

    public override bool Equals(object? obj) => Equals(obj as RangeSet);

    public override int GetHashCode() => HashCode.Combine(_ranges.Length, _ranges.FirstOrDefault(), _ranges.LastOrDefault());
}
