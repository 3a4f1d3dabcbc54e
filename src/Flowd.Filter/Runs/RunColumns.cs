using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter.Runs;

/// <summary>What conditions look at in records of one layout, as columns of numbers: what several of them ask about is gathered once for each run.</summary>
internal sealed class RunColumns(WireLayout layout)
{
    private readonly List<int> _offsets = [];
    private uint[] _numbers = [];
    private bool[] _isGathered = [];
    private int _count;

    public WireLayout Layout => layout;

    /// <summary>The column of what stands at that offset.</summary>
    public int ColumnOf(int offset)
    {
        if (!_offsets.Contains(offset))
            _offsets.Add(offset);
        return _offsets.IndexOf(offset);
    }

    /// <summary>Other records follow, so many.</summary>
    public void Begin(int count)
    {
        if (_isGathered.Length < _offsets.Count)
            (_numbers, _isGathered) = (new uint[_offsets.Count * WireTest.MostRecords], new bool[_offsets.Count]);
        _count = count;
        Array.Clear(_isGathered);
    }

    /// <summary>As long as <see cref="WireWindow.Matches(ReadOnlySpan{uint})"/> wants it.</summary>
    public ReadOnlySpan<uint> Gather(in WireWindow window, int column, ReadOnlySpan<byte> records)
    {
        Span<uint> numbers = _numbers.AsSpan(column * WireTest.MostRecords, WireTest.MostRecords);
        if (!_isGathered[column])
            window.Gather(records, layout.Length, numbers[.._count]);
        _isGathered[column] = true;
        return numbers[..WireWindow.RoomOf(_count)];
    }
}
