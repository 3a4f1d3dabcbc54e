using System;

namespace Flowd.Decode.State;

/// <summary>
/// The latest gaps of a sequence. A late message that fits into one was counted as lost, so it is taken back; one that fits nowhere is
/// a duplicate, or too late, and changes nothing. Of more gaps than there is room for the oldest stay lost.
/// </summary>
internal sealed class SequenceHoles
{
    public const int Capacity = 16;

    private record struct Hole(uint Start, uint Length);

    private readonly Hole[] _holes = new Hole[Capacity];
    private int _oldest;

    public void Add(uint start, uint length)
    {
        int free = Array.FindIndex(_holes, static hole => hole.Length == 0);
        if (free < 0)
        {
            free = _oldest;
            _oldest = (_oldest + 1) % Capacity;
        }

        _holes[free] = new Hole(start, length);
    }

    /// <summary>True if all of the units were missing; from now on they are not.</summary>
    public bool TryFill(uint start, uint units)
    {
        foreach (ref Hole hole in _holes.AsSpan())
        {
            uint before = unchecked(start - hole.Start);
            if (before >= hole.Length || units > hole.Length - before)
                continue;
            uint behind = hole.Length - before - units;
            hole = hole with { Length = before };
            if (behind > 0)
                Add(unchecked(start + units), behind);
            return true;
        }

        return false;
    }
}
