using System;
using System.Buffers.Binary;

namespace Flowd.Worker;

/// <summary>Records that wait, in order, each with its length in front. Bounded; allocates only to grow.</summary>
internal sealed class RelayQueue
{
    private const int Initial = 64 * 1024;
    private const int Most = 4 * 1024 * 1024;
    private const int LengthOctets = 2;

    private byte[] _octets = [];
    private int _start;
    private int _end;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>The oldest record; there must be one.</summary>
    public ReadOnlySpan<byte> First
        => _octets.AsSpan(_start + LengthOctets, BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(_start)));

    /// <summary>False if there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        int length = LengthOctets + record.Length;
        if (_end + length > _octets.Length && !TryMakeRoom(length))
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_end), (ushort)record.Length);
        record.CopyTo(_octets.AsSpan(_end + LengthOctets));
        _end += length;
        Count++;
        return true;
    }

    public void RemoveFirst()
    {
        _start += LengthOctets + First.Length;
        Count--;
        if (Count == 0)
            Clear();
    }

    public void Clear() => _start = _end = Count = 0;

    // To the front with what is left, if much is free, which keeps the cost of moving small; else into a larger array.
    private bool TryMakeRoom(int length)
    {
        int held = _end - _start;
        byte[] target = _octets;
        bool isLargest = _octets.Length >= Most;
        if (held + length > _octets.Length / 4 * (isLargest ? 3 : 2))
        {
            if (isLargest)
                return false;
            target = new byte[Math.Max(Initial, _octets.Length * 2)];
        }

        _octets.AsSpan(_start, held).CopyTo(target);
        _octets = target;
        (_start, _end) = (0, held);
        return true;
    }
}
