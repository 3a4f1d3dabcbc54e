using System;
using System.Buffers.Binary;

namespace Flowd.Fuzz;

/// <summary>A datagram that is put together. What goes over its end is left out, as in a datagram that was cut.</summary>
internal sealed class WireWriter
{
    private readonly byte[] _octets = new byte[65_507];

    public int Length { get; private set; }

    public Span<byte> Written => _octets.AsSpan(0, Length);

    public bool HasRoom => Length < 60_000;

    public void Clear() => Length = 0;

    public void Cut(int length) => Length = Math.Min(length, Length);

    public void U8(ulong value) => Big(value, 1);

    public void U16(ulong value) => Big(value, 2);

    public void U32(ulong value) => Big(value, 4);

    /// <summary>The low octets of a number.</summary>
    public void Big(ulong value, int octets)
    {
        for (int shift = octets * 8 - 8; shift >= 0; shift -= 8)
        {
            if (Length == _octets.Length)
                return;
            _octets[Length++] = shift < 64 ? (byte)(value >> shift & 0xFF) : (byte)0;
        }
    }

    public void Random(Dice dice, int octets)
    {
        for (; octets >= 8; octets -= 8)
            Big(dice.Next(), 8);
        Big(dice.Next(), octets);
    }

    /// <summary>Writes a length where room was left for it.</summary>
    public void Patch16(int at, int value)
    {
        if (at + 2 <= Length)
            BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(at), (ushort)(value & 0xFFFF));
    }

    public void Patch32(int at, int value)
    {
        if (at + 4 <= Length)
            BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(at), (uint)value);
    }
}
