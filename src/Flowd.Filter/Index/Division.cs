using System;
using System.Collections.Generic;

namespace Flowd.Filter.Index;

/// <summary>How the classes of a dimension divide some rows: those of them that the rows cannot tell apart are one part, part 0 being what no row asks for.</summary>
internal sealed class Division
{
    private readonly int[][] _partsOf;
    private readonly int[] _places;
    private readonly int[] _parts;

    /// <summary>For each part the number of rows in it and in those before.</summary>
    private readonly long[] _covered;

    /// <summary><paramref name="runsOf"/>: the classes that each row asks for, as <see cref="ClassTest.Runs"/> has them.</summary>
    public Division(int dimension, List<int> rows, List<int[]> runsOf)
    {
        Dimension = dimension;
        Rows = rows;
        var parts = new SetClasses(rows.Count);
        (_places, _parts) = parts.Cut(row => runsOf[row]);
        Count = parts.Count;
        _partsOf = new int[rows.Count][];
        for (int i = 0; i < rows.Count; i++)
            _partsOf[i] = parts.RunsOf(i);
        _covered = Covered();
    }

    public int Dimension { get; }

    public List<int> Rows { get; }

    public int Count { get; }

    /// <summary>
    /// How badly the dimension tells the i-th row from others: the average number of rows in the parts that it is in, and the number of these parts.
    /// </summary>
    public long CostOf(int i)
    {
        long length = 0;
        long rows = 0;
        for (int run = 0; run < _partsOf[i].Length; run += 2)
        {
            length += _partsOf[i][run + 1] - _partsOf[i][run];
            rows += _covered[_partsOf[i][run + 1]] - _covered[_partsOf[i][run]];
        }

        return length == 0 ? 0 : rows / length + length;
    }

    /// <summary>The rows of all parts, one row counted as often as it is there.</summary>
    public long Copies => _covered[Count];

    /// <summary>From classes to what there is for each part.</summary>
    public ClassMap MapTo(int[] ofParts) => new(Array.ConvertAll(_places, static place => (ulong)place), Array.ConvertAll(_parts, part => ofParts[part]));

    /// <summary>The rows of each part, in their order.</summary>
    public List<int>[] RowsOfParts()
    {
        var lists = new List<int>[Count];
        for (int part = 0; part < Count; part++)
            lists[part] = new List<int>((int)(_covered[part + 1] - _covered[part]));
        for (int i = 0; i < Rows.Count; i++)
        {
            for (int run = 0; run < _partsOf[i].Length; run += 2)
            {
                for (int part = _partsOf[i][run]; part < _partsOf[i][run + 1]; part++)
                    lists[part].Add(Rows[i]);
            }
        }

        return lists;
    }

    // Sums up where rows begin and end, twice: to the rows of each part, and to those before it.
    private long[] Covered()
    {
        var covered = new long[Count + 1];
        foreach (int[] runs in _partsOf)
        {
            for (int edge = 0; edge < runs.Length; edge++)
                covered[runs[edge]] += edge % 2 == 0 ? 1 : -1;
        }

        long rows = 0;
        long before = 0;
        for (int part = 0; part <= Count; part++)
        {
            rows += covered[part];
            covered[part] = before;
            before += rows;
        }

        return covered;
    }
}
