using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>
/// Some records of a log, one behind the other, for a thread of its own: <see cref="LogReader.TryTakeBatch"/> has looked at their headers only, and
/// <see cref="TryRead"/> looks at the rest, so that a record is verified and used while it is at hand. Reused.
/// </summary>
public sealed class LogBatch
{
    private readonly List<Stretch> _stretches = [];
    private byte[] _block = [];
    private int _start;

    // Where reading is.
    private int _stretch;
    private int _next;

    // Records with the same header, up to where they end.
    private readonly record struct Stretch(RecordLayout Layout, int End);

    /// <summary>Where in the log the records begin.</summary>
    public long Offset { get; private set; }

    public int Length => End - _start;

    internal ReadOnlySpan<byte> Octets => _block.AsSpan(_start, Length);

    internal int End { get; private set; }

    internal ScanState Before { get; private set; }

    /// <summary>False once something was found to be wrong with one of the records; then none of them is to be taken from here.</summary>
    public bool IsSound { get; private set; }

    /// <summary>The next of the records, verified; false at the end, or where something is wrong.</summary>
    public bool TryRead(out BatchRun run)
    {
        run = default;
        if (_next == End || !IsSound)
            return false;
        (RecordLayout layout, int end) = _stretches[_stretch];
        int length = Math.Min(end - _next, layout.Length * WireTest.MostRecords);
        ReadOnlySpan<byte> octets = _block.AsSpan(_next, length);
        IsSound = layout.AreTrue(octets);
        if (!IsSound)
            return false;
        run = new BatchRun(layout, octets);
        _next += length;
        _stretch += _next == end ? 1 : 0;
        return true;
    }

    /// <summary>Room for so many octets.</summary>
    internal Span<byte> Room(int octets)
    {
        if (_block.Length != octets)
            _block = new byte[octets];
        return _block;
    }

    /// <summary>Forgets what it had. Records begin at a place in that room.</summary>
    internal void Begin(int start, long offset, ScanState before)
    {
        _stretches.Clear();
        IsSound = true;
        (_start, End, _next, _stretch, Offset, Before) = (start, start, start, 0, offset, before);
    }

    /// <summary>The next octets, up to there, are records of that layout.</summary>
    internal void Add(RecordLayout layout, int end)
    {
        _stretches.Add(new Stretch(layout, end));
        End = end;
    }
}
