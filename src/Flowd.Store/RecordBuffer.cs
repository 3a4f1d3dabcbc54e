using System;

namespace Flowd.Store;

/// <summary>
/// Octets that wait to be written. Small as long as all goes well, large when the disk does not take them, and small again
/// afterwards. What comes when the limit is reached is refused.
/// </summary>
internal sealed class RecordBuffer(long limit, int usual)
{
    private const int Initial = 64 * 1024;

    private readonly int _limit = (int)Math.Clamp(limit, 0, Array.MaxLength);
    private byte[] _octets = new byte[(int)Math.Clamp(limit, 0, Initial)];

    public int Length { get; private set; }

    public int Capacity => _octets.Length;

    public ReadOnlySpan<byte> Content => _octets.AsSpan(0, Length);

    /// <summary>Room for so many octets behind the content, or false if the limit does not leave it.</summary>
    public bool TryReserve(int octets, out Span<byte> room)
    {
        room = default;
        if (octets > _limit - Length)
            return false;
        if (octets > _octets.Length - Length && !TryGrow(Length + octets))
            return false;
        room = _octets.AsSpan(Length, octets);
        return true;
    }

    /// <summary>Makes the first octets of the room that was reserved last part of the content.</summary>
    public void Take(int octets) => Length += octets;

    /// <summary>Removes octets from the front.</summary>
    public void Remove(int count)
    {
        int rest = Length - count;
        _octets.AsSpan(count, rest).CopyTo(_octets);
        Length = rest;
        if (rest == 0 && _octets.Length > Math.Max((long)usual * 2, Initial))
            _octets = new byte[Initial];
    }

    // Where memory is capped, the cap is one more limit, not a reason to end.
    private bool TryGrow(int needed)
    {
        try
        {
            long size = Math.Max(needed, _octets.Length * 2L);
            Array.Resize(ref _octets, (int)Math.Min(size, _limit));
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
