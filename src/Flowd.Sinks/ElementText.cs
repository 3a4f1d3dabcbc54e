using System;
using System.Globalization;
using System.Text;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Sinks;

/// <summary>
/// Values of information elements as text, by their type. Exporters choose what is in them, so nothing is taken for text that a terminal, a spreadsheet or
/// a parser would take for more than that.
/// </summary>
internal static class ElementText
{
    private const int LongestNumber = 8;

    /// <summary>The name of an element: IANA's, or "e9id12235" for number 12235 of enterprise 9.</summary>
    public static void AddName(Utf8Buffer output, uint enterprise, ushort id) => output.Add(InformationElements.NameOf(enterprise, id));

    /// <summary>The value as JSON has it: a number, true or false, or a string.</summary>
    public static void AddValue(Utf8Buffer output, uint enterprise, ushort id, ReadOnlySpan<byte> value)
    {
        ElementType type = InformationElements.Find(enterprise, id)?.Type ?? ElementType.Octets;
        if (!TryAddNumber(output, type, value))
            AddString(output, type, value);
    }

    private static bool TryAddNumber(Utf8Buffer output, ElementType type, ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > LongestNumber)
            return false;
        switch (type)
        {
            case ElementType.Unsigned or ElementType.Seconds or ElementType.Milliseconds:
                output.AddNumber(Number(value));
                return true;
            case ElementType.Signed:
                int shift = 64 - value.Length * 8;
                output.AddNumber(unchecked((long)(Number(value) << shift)) >> shift);
                return true;
            case ElementType.Boolean when value is [1 or 2]: // RFC 7011 section 6.1.5
                output.Add(value[0] == 1 ? "true"u8 : "false"u8);
                return true;
            case ElementType.Float when value.Length is 4 or 8:
                double number = value.Length == 4 ? ReadSingleBigEndian(value) : ReadDoubleBigEndian(value);
                if (!double.IsFinite(number))
                    return false;
                output.Add(number.ToString("R", CultureInfo.InvariantCulture));
                return true;
            default:
                return false;
        }
    }

    private static void AddString(Utf8Buffer output, ElementType type, ReadOnlySpan<byte> value)
    {
        output.Add((byte)'"');
        if (type == ElementType.Text)
            AddText(output, value);
        else if (type == ElementType.IPv4 && value.Length == 4)
            output.Add(Address.FromIPv4(ReadUInt32BigEndian(value)));
        else if (type == ElementType.IPv6 && value.Length == 16)
            output.Add(Address.FromIPv6(value));
        else if (type == ElementType.Mac && value.Length == 6)
            AddMac(output, (ulong)ReadUInt16BigEndian(value) << 32 | ReadUInt32BigEndian(value[2..]));
        else
            AddHex(output, value);
        output.Add((byte)'"');
    }

    public static void AddMac(Utf8Buffer output, ulong mac)
    {
        for (int shift = 40; shift >= 0; shift -= 8)
        {
            output.AddHex((uint)(mac >> shift & 0xFF), 2);
            if (shift > 0)
                output.Add((byte)':');
        }
    }

    private static void AddHex(Utf8Buffer output, ReadOnlySpan<byte> value)
    {
        foreach (byte octet in value)
            output.AddHex(octet, 2);
    }

    // As in a string of JSON. What is no UTF-8 becomes U+FFFD; zeros at the end are padding.
    private static void AddText(Utf8Buffer output, ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd((byte)0);
        while (!value.IsEmpty)
        {
            Rune.DecodeFromUtf8(value, out Rune rune, out int consumed);
            value = value[consumed..];
            if (rune.Value is '"' or '\\')
                output.Add((byte)'\\');
            if (IsUnseen(rune))
                AddEscape(output, rune);
            else
                output.Add(rune.ToString());
        }
    }

    // Control characters of both kinds, and those that turn the direction of writing.
    private static bool IsUnseen(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void AddEscape(Utf8Buffer output, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        foreach (char unit in units[..rune.EncodeToUtf16(units)])
        {
            output.Add("\\u"u8);
            output.AddHex(unit, 4);
        }
    }

    public static ulong Number(ReadOnlySpan<byte> value)
    {
        ulong number = 0;
        foreach (byte octet in value)
            number = number << 8 | octet;
        return number;
    }
}
