using System;
using System.IO;
using System.Runtime.CompilerServices;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>Text in UTF-8, put together piece by piece and reused. Grows when it must; allocates nothing once it is large enough.</summary>
public sealed class Utf8Buffer(int capacity = 64 * 1024)
{
    private const int LongestNumber = 20; // digits, or a sign and digits, of 64 bits

    private byte[] _octets = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written behind the first octets.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    // Most pieces are literals: inlined, their length is known, and copying them takes a move or two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    /// <summary>Adds the first octets of a text, all of which may be copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPadded(ReadOnlySpan<byte> text, int length)
    {
        text.CopyTo(Room(text.Length));
        Length += length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte character)
    {
        Room(1)[0] = character;
        Length++;
    }

    /// <summary>Puts another character in the place of one that was written.</summary>
    public void Replace(int at, byte character) => _octets[at] = character;

    public void Add(string text) => Length += System.Text.Encoding.UTF8.GetBytes(text, Room(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length)));

    /// <summary>A decimal number.</summary>
    public void AddNumber(ulong value) => Length += DecimalText.Write(value, Room(LongestNumber));

    public void AddNumber(long value)
    {
        if (value < 0)
            Add((byte)'-');
        AddNumber(Magnitude(value));
    }

    /// <summary>The same with zeros in front, as printf's %0Nd has it: a minus sign counts as a place.</summary>
    public void AddPadded(long value, int places)
    {
        if (value < 0)
        {
            Add((byte)'-');
            places--;
        }

        ulong magnitude = Magnitude(value);
        int digits = Math.Max(places, DecimalText.LengthOf(magnitude));
        DecimalText.WriteDigits(magnitude, Room(digits)[..digits]);
        Length += digits;
    }

    /// <summary>A hexadecimal number of at least <paramref name="digits"/> digits, in small letters.</summary>
    public void AddHex(uint value, int digits)
    {
        Span<byte> room = Room(digits)[..digits];
        for (int i = digits - 1; i >= 0; i--, value >>= 4)
            room[i] = "0123456789abcdef"u8[(int)(value & 0xF)];
        Length += digits;
    }

    public void Add(in Address address) => Length += AddressText.Format(in address, Room(AddressText.MaxLength));

    /// <summary>Writes everything to <paramref name="stream"/> and forgets it, even if that fails.</summary>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int length = Length;
        Length = 0;
        stream.Write(_octets, 0, length);
    }

    private static ulong Magnitude(long value) => unchecked(value < 0 ? 0 - (ulong)value : (ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int count)
    {
        if (_octets.Length - Length < count)
            Grow(count);
        return _octets.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count) => Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + count));
}
