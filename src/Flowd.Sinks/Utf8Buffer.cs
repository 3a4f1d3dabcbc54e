using System;
using System.Globalization;
using System.IO;
using Flowd.Records;

namespace Flowd.Sinks;

/// <summary>Text in UTF-8, put together piece by piece and reused. Grows when it must; allocates nothing once it is large enough.</summary>
public sealed class Utf8Buffer(int capacity = 64 * 1024)
{
    private const int LongestNumber = 32; // of any base and sign

    private byte[] _octets = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written behind the first octets.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Add(byte character)
    {
        Room(1)[0] = character;
        Length++;
    }

    /// <summary>Puts another character in the place of one that was written.</summary>
    public void Replace(int at, byte character) => _octets[at] = character;

    public void Add(string text) => Length += System.Text.Encoding.UTF8.GetBytes(text, Room(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length)));

    /// <summary>A decimal number.</summary>
    public void AddNumber(ulong value)
    {
        value.TryFormat(Room(LongestNumber), out int written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void AddNumber(long value)
    {
        value.TryFormat(Room(LongestNumber), out int written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>The same with zeros in front, as printf's %0Nd has it: a minus sign counts as a place.</summary>
    public void AddPadded(long value, int places)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        value.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        int sign = value < 0 ? 1 : 0;
        Add(digits[..sign]);
        for (int i = written; i < places; i++)
            Add((byte)'0');
        Add(digits[sign..written]);
    }

    /// <summary>A hexadecimal number of at least <paramref name="digits"/> digits, in small letters.</summary>
    public void AddHex(uint value, int digits)
    {
        for (int shift = digits * 4 - 4; shift >= 0; shift -= 4)
            Add("0123456789abcdef"u8[(int)(value >> shift & 0xF)]);
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

    private Span<byte> Room(int count)
    {
        if (_octets.Length - Length < count)
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + count));
        return _octets.AsSpan(Length);
    }
}
