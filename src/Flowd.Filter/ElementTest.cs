using System;
using System.Text;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// An information element that has no place of its own in a record (LogFields.Other), and what its value must be: a number that compares, a prefix that
/// holds it, or else a text. A record without the element does not meet it; of several with its number any will do.
/// </summary>
public readonly record struct ElementTest(uint Enterprise, ushort Id, Comparison Number, Prefix? Prefix = null, string? Text = null)
{
    private const int LongestNumber = 8;

    public bool Holds(ReadOnlySpan<byte> elements)
    {
        for (var rest = new OtherElements(elements); rest.TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value);)
        {
            if (enterprise == Enterprise && id == Id && HoldsValue(value))
                return true;
        }

        return false;
    }

    private bool HoldsValue(ReadOnlySpan<byte> value)
    {
        if (Prefix is { } prefix)
            return TryAddress(value, out Address address) && prefix.Contains(address);
        if (Text is not null)
            return IsText(value);
        if (value.Length is 0 or > LongestNumber)
            return false;
        ulong number = 0;
        foreach (byte octet in value)
            number = number << 8 | octet;
        return Number.Holds(number);
    }

    // Zeros at the end are padding.
    private bool IsText(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd((byte)0);
        Span<byte> text = stackalloc byte[RecordBatch.MostOtherOfRecord];
        return Encoding.UTF8.TryGetBytes(Text, text, out int length) && value.SequenceEqual(text[..length]);
    }

    private static bool TryAddress(ReadOnlySpan<byte> value, out Address address)
    {
        address = value.Length switch
        {
            4 => Address.FromIPv4((uint)value[0] << 24 | (uint)value[1] << 16 | (uint)value[2] << 8 | value[3]),
            16 => Address.FromIPv6(value),
            _ => default,
        };
        return address.Family != AddressFamily.None;
    }
}
