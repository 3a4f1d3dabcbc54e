using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flowd.Records;

/// <summary>Addresses as text: written as inet_ntop(3) of glibc writes them, read in every numeric form that it writes.</summary>
public static class AddressText
{
    /// <summary>The longest text, in characters: eight groups of four digits and seven colons, or with an embedded IPv4 address.</summary>
    public const int MaxLength = 46;

    private const int Groups = 8;
    private const int OctetLength = 4;

    private static readonly byte[] Octets = ComputeOctets();
    private static readonly ushort[] HexDigits = ComputeHexDigits();
    private static readonly byte[] OctetLengths = ComputeOctetLengths();

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
    public static int Format(in Address address, Span<char> text)
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        int length = Format(in address, ascii);
        for (int i = 0; i < length; i++)
            text[i] = (char)ascii[i];
        return length;
    }

    /// <summary>The same in UTF-8, for the writers of text.</summary>
    public static int Format(in Address address, Span<byte> utf8)
    {
        switch (address.Family)
        {
            case AddressFamily.IPv4:
                return FormatIPv4((uint)address.Low, utf8);
            case AddressFamily.IPv6:
                return FormatIPv6(in address, utf8);
            default:
                "(none)"u8.CopyTo(utf8);
                return 6;
        }
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

    private static int FormatIPv4(uint value, Span<byte> text)
    {
        int at = Append(text, 0, value >> 24);
        at = Append(text, at, value >> 16 & 0xFF);
        at = Append(text, at, value >> 8 & 0xFF);
        return Append(text, at, value & 0xFF) - 1;
    }

    // With a dot behind it. All four places are copied, whatever their number, because that is one move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Append(Span<byte> text, int at, uint octet)
    {
        Octets.AsSpan((int)octet * OctetLength, OctetLength).CopyTo(text.Slice(at, OctetLength));
        return at + OctetLengths[octet];
    }

    // The longest run of two or more zero groups becomes "::"; ::a.b.c.d and ::ffff:a.b.c.d end in dotted decimal, as glibc has it.
    private static int FormatIPv6(in Address address, Span<byte> text)
    {
        (int start, int length) = LongestZeroRun(in address);
        bool dotted = start == 0 && (length == 6 || (length == 5 && Group(in address, 5) == 0xFFFF));

        int at = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (length > 0 && i >= start && i < start + length)
            {
                if (i == start)
                    text[at++] = (byte)':';
                continue;
            }

            if (i > 0)
                text[at++] = (byte)':';
            if (dotted && i == 6)
                return at + FormatIPv4((uint)(address.Low & uint.MaxValue), text[at..]);
            at = AppendHex(text, at, Group(in address, i));
        }

        if (length > 0 && start + length == Groups)
            text[at++] = (byte)':';
        return at;
    }

    private static uint Group(in Address address, int i) => (uint)((i < 4 ? address.High : address.Low) >> (48 - 16 * (i & 3)) & 0xFFFF);

    // All four digits are copied, those in front shifted out, because that is one move.
    private static int AppendHex(Span<byte> text, int at, uint group)
    {
        uint digits = (uint)HexDigits[group & 0xFF] << 16 | HexDigits[group >> 8];
        int zeros = (BitOperations.LeadingZeroCount(group | 1) - 16) / 4;
        BinaryPrimitives.WriteUInt32LittleEndian(text[at..], digits >> (8 * zeros));
        return at + 4 - zeros;
    }

    private static (int Start, int Length) LongestZeroRun(in Address address)
    {
        (int Start, int Length) best = (0, 1);
        int length = 0;
        for (int i = 0; i < Groups; i++)
        {
            length = Group(in address, i) == 0 ? length + 1 : 0;
            if (length > best.Length)
                best = (i - length + 1, length);
        }

        return best.Length >= 2 ? best : (0, 0);
    }

    // "0.", "1." and so on, each in four places.
    private static byte[] ComputeOctets()
    {
        var texts = new byte[256 * OctetLength];
        for (int octet = 0; octet < 256; octet++)
            texts[octet * OctetLength + DecimalText.Write((ulong)octet, texts.AsSpan(octet * OctetLength))] = (byte)'.';
        return texts;
    }

    // Two digits each, the first in the lower octet.
    private static ushort[] ComputeHexDigits()
    {
        var digits = new ushort[256];
        for (int octet = 0; octet < 256; octet++)
            digits[octet] = (ushort)("0123456789abcdef"u8[octet >> 4] | "0123456789abcdef"u8[octet & 0xF] << 8);
        return digits;
    }

    private static byte[] ComputeOctetLengths()
    {
        var lengths = new byte[256];
        for (int octet = 0; octet < 256; octet++)
            lengths[octet] = (byte)(DecimalText.LengthOf((ulong)octet) + 1);
        return lengths;
    }
}
