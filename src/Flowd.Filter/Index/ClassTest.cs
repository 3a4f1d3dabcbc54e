using System;

namespace Flowd.Filter.Index;

/// <summary>
/// A condition in terms of classes: the class of a record in one dimension is one of some, or is not. Nearly all sets are one run of classes; what has more is
/// searched.
/// </summary>
internal readonly record struct ClassTest
{
    private const int NoClass = int.MaxValue;

    private readonly int _first;
    private readonly uint _span;
    private readonly int[]? _runs;

    /// <summary><paramref name="runs"/>: where the set begins and ends in classes, in turn, ascending.</summary>
    public ClassTest(int dimension, int[] runs, bool negated)
    {
        Dimension = dimension;
        Negated = negated;
        if (runs.Length > 2)
            _runs = runs;
        else
            (_first, _span) = runs.Length == 0 ? (NoClass, 0) : (runs[0], (uint)(runs[1] - runs[0] - 1));
    }

    public int Dimension { get; }

    public bool Negated { get; }

    /// <summary>Where the set begins and ends in classes, in turn, ascending; whether it is negated or not.</summary>
    public int[] Runs => _runs ?? (_first == NoClass ? [] : [_first, _first + (int)_span + 1]);

    /// <summary>For how many of the classes it holds, 1 for all of them.</summary>
    public double ShareOf(int classes)
    {
        int[] runs = Runs;
        int length = 0;
        for (int i = 0; i < runs.Length; i += 2)
            length += runs[i + 1] - runs[i];
        double share = (double)length / classes;
        return Negated ? 1 - share : share;
    }

    /// <summary>Of a record that is in this class of the dimension.</summary>
    public bool Holds(int here)
    {
        bool isIn = _runs is null ? unchecked((uint)(here - _first)) <= _span : IsInRuns(here);
        return isIn != Negated;
    }

    private bool IsInRuns(int here)
    {
        int at = Array.BinarySearch(_runs!, here);
        return ((at < 0 ? ~at : at + 1) & 1) != 0;
    }
}
