using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>
/// Some records of a log, one behind the other, for a thread of its own: <see cref="LogReader.TryTakeBatch"/> has looked at their headers only, and
/// <see cref="Verify"/> looks at the rest. Reused.
/// </summary>
public sealed class LogBatch
{
    private readonly List<Stretch> _stretches = [];
    private byte[] _block = [];
    private int _length;

    // Where reading is.
    private int _stretch;
    private int _next;

    // Records with the same header, up to where they end.
    private readonly record struct Stretch(RecordLayout Layout, int End);

    /// <summary>Where in the log the records begin.</summary>
    public long Offset { get; private set; }

    public int Length => _length;

    internal ReadOnlySpan<byte> Octets => _block.AsSpan(0, _length);

    internal ScanState Before { get; private set; }

    /// <summary>False if something is wrong with one of the records; then none of them is to be taken from here.</summary>
    public bool Verify()
    {
        int start = 0;
        foreach ((RecordLayout layout, int end) in _stretches)
        {
            if (!layout.AreTrue(_block.AsSpan(start, end - start)))
                return false;
            start = end;
        }

        return true;
    }

    /// <summary>The next of the records that were found to be true.</summary>
    public bool TryRead(out BatchRun run)
    {
        run = default;
        if (_next == _length)
            return false;
        (RecordLayout layout, int end) = _stretches[_stretch];
        int length = Math.Min(end - _next, layout.Length * WireTest.MostRecords);
        run = new BatchRun(layout, _block.AsSpan(_next, length));
        _next += length;
        _stretch += _next == end ? 1 : 0;
        return true;
    }

    /// <summary>Forgets what it had; returns room for so many octets.</summary>
    internal Span<byte> Begin(int octets, long offset, ScanState before)
    {
        if (_block.Length != octets)
            _block = new byte[octets];
        _stretches.Clear();
        (_length, _stretch, _next, Offset, Before) = (0, 0, 0, offset, before);
        return _block;
    }

    /// <summary>The next octets, up to there, are records of that layout.</summary>
    internal void Add(RecordLayout layout, int end)
    {
        _stretches.Add(new Stretch(layout, end));
        _length = end;
    }
}
