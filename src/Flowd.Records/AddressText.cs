using System;
using System.Buffers;
using System.Globalization;
using System.Net;

namespace Flowd.Records;

/// <summary>Addresses as text: written as inet_ntop(3) of glibc writes them, read in every numeric form that it writes.</summary>
public static class AddressText
{
    /// <summary>The longest text, in characters: eight groups of four digits and seven colons, or with an embedded IPv4 address.</summary>
    public const int MaxLength = 46;

    private const int Groups = 8;

    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create(":.0123456789abcdefABCDEF");

    /// <summary>Reads a numeric address; no names, no zone, no prefix length, no brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        if (text.Contains(':'))
            return TryParseIPv6(text, out address);
        return TryParseIPv4(text, out address);
    }

    /// <summary>Writes <paramref name="address"/>; returns the number of characters. The span holds <see cref="MaxLength"/>.</summary>
    public static int Format(in Address address, Span<char> text) => address.Family switch
    {
        AddressFamily.IPv4 => FormatIPv4((uint)address.Low, text),
        AddressFamily.IPv6 => FormatIPv6(address, text),
        _ => Append(text, 0, "(none)"),
    };

    /// <summary>The same in UTF-8, for the writers of text.</summary>
    public static int Format(in Address address, Span<byte> utf8)
    {
        Span<char> text = stackalloc char[MaxLength];
        int length = Format(address, text);
        for (int i = 0; i < length; i++)
            utf8[i] = (byte)text[i];
        return length;
    }

    // Four decimal numbers, as inet_pton(3) wants them: no octal, no hexadecimal, no short forms, no leading zeros.
    private static bool TryParseIPv4(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int end = part < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0'))
                return false;
            if (!byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = value << 8 | octet;
            text = part < 3 ? text[(end + 1)..] : default;
        }

        address = Address.FromIPv4(value);
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        if (text.ContainsAnyExcept(IPv6Characters) || !IPAddress.TryParse(text, out IPAddress? parsed))
            return false;
        Span<byte> octets = stackalloc byte[16];
        if (!parsed.TryWriteBytes(octets, out int written) || written != 16)
            return false;
        address = Address.FromIPv6(octets);
        return true;
    }

    private static int FormatIPv4(uint value, Span<char> text)
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(value >> shift & 0xFF)).TryFormat(text[at..], out int written, provider: CultureInfo.InvariantCulture);
            at += written;
            if (shift > 0)
                text[at++] = '.';
        }

        return at;
    }

    // The longest run of two or more zero groups becomes "::"; ::a.b.c.d and ::ffff:a.b.c.d end in dotted decimal, as glibc has it.
    private static int FormatIPv6(in Address address, Span<char> text)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (int i = 0; i < Groups; i++)
            groups[i] = (ushort)((i < 4 ? address.High : address.Low) >> (48 - 16 * (i % 4)) & 0xFFFF);
        (int start, int length) = LongestZeroRun(groups);
        bool dotted = start == 0 && (length == 6 || (length == 5 && groups[5] == 0xFFFF));

        int at = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (length > 0 && i >= start && i < start + length)
            {
                if (i == start)
                    text[at++] = ':';
                continue;
            }

            if (i > 0)
                text[at++] = ':';
            if (dotted && i == 6)
                return at + FormatIPv4((uint)(address.Low & uint.MaxValue), text[at..]);
            groups[i].TryFormat(text[at..], out int written, "x", CultureInfo.InvariantCulture);
            at += written;
        }

        if (length > 0 && start + length == Groups)
            text[at++] = ':';
        return at;
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        (int Start, int Length) best = (0, 0);
        for (int i = 0; i < Groups; i++)
        {
            int length = groups[i..].IndexOfAnyExcept((ushort)0);
            if (length < 0)
                length = Groups - i;
            if (length > best.Length)
                best = (i, length);
            i += length;
        }

        return best.Length >= 2 ? best : (0, 0);
    }

    private static int Append(Span<char> text, int at, ReadOnlySpan<char> what)
    {
        what.CopyTo(text[at..]);
        return at + what.Length;
    }
}
