using System;

namespace Flowd.Store;

/// <summary>
/// Octets that wait to be written. Small as long as all goes well, large when the disk does not take them, and small again
/// afterwards. What comes when the limit is reached is refused.
/// </summary>
internal sealed class RecordBuffer(BufferBudget budget, int usual, LogFraming framing)
{
    private const int Initial = 64 * 1024;

    /// <summary>Dropping moves what stays to the front now and then: the larger the part that goes at once, the less often.</summary>
    private const int PartToDrop = 16;

    private byte[] _octets = new byte[(int)Math.Clamp(budget.Limit, 0, Initial)];
    private int _start;

    public int Length { get; private set; }

    public int Capacity => _octets.Length;

    public ReadOnlySpan<byte> Content => _octets.AsSpan(_start, Length);

    /// <summary>Room for so many octets behind the content, or false if the limit does not leave it.</summary>
    public bool TryReserve(int octets, out Span<byte> room)
    {
        room = default;
        if (octets > budget.Limit - budget.Used)
            return false;
        if (octets > _octets.Length - _start - Length && !TryMakeRoom(Length + octets))
            return false;
        room = _octets.AsSpan(_start + Length, octets);
        return true;
    }

    /// <summary>Makes the first octets of the room that was reserved last part of the content.</summary>
    public void Take(int octets)
    {
        Length += octets;
        budget.Used += octets;
    }

    /// <summary>Removes octets from the front.</summary>
    public void Remove(int count)
    {
        _start += count;
        Length -= count;
        budget.Used -= count;
        if (Length > 0)
            return;
        _start = 0;
        if (_octets.Length > Math.Max((long)usual * 2, Initial))
            _octets = new byte[Initial];
    }

    /// <summary>Removes whole records from the front, a part of the limit at least; returns how many.</summary>
    public int DropOldest()
    {
        int least = (int)Math.Min(budget.Limit / PartToDrop, Length);
        int records = 0;
        int octets = 0;
        while (octets < least)
        {
            octets += framing.LengthOf(Content[octets..]);
            records++;
        }

        Remove(octets);
        return records;
    }

    private bool TryMakeRoom(int needed)
    {
        if (needed > _octets.Length && !TryGrow(needed))
            return false;
        Content.CopyTo(_octets);
        _start = 0;
        return true;
    }

    // Where memory is capped, the cap is one more limit, not a reason to end.
    private bool TryGrow(int needed)
    {
        try
        {
            long most = Math.Min(budget.Limit, Array.MaxLength);
            byte[] larger = new byte[(int)Math.Min(Math.Max(needed, _octets.Length * 2L), most)];
            Content.CopyTo(larger);
            (_octets, _start) = (larger, 0);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
