using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flowd.Records;

/// <summary>Decimal numbers in UTF-8: without a sign, a culture or a format, for those who write millions of them.</summary>
public static class DecimalText
{
    private const uint TwoDigits = 100;

    private static readonly ulong[] PowersOf10 = ComputePowers();

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <summary>Writes a number; returns how many digits it has. The span holds so many.</summary>
    public static int Write(ulong value, Span<byte> text)
    {
        if (value < 10)
        {
            text[0] = (byte)('0' + (int)value);
            return 1;
        }

        if (value < TwoDigits)
        {
            Put(text, 0, (uint)value);
            return 2;
        }

        int length = LengthOf(value);
        WriteDigits(value, text[..length]);
        return length;
    }

    /// <summary>How many digits a number has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(ulong value)
    {
        // 1233 / 4096 is a little more than the logarithm of 2: at most one too few
        value |= 1; // 0 has a digit too
        int guess = (64 - BitOperations.LeadingZeroCount(value)) * 1233 >> 12;
        return value >= PowersOf10[guess] ? guess + 1 : guess;
    }

    /// <summary>Fills the whole span with the lowest digits of a number, zeros in front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteDigits(ulong value, Span<byte> text)
    {
        if (value > uint.MaxValue)
            value = WriteHighDigits(value, ref text);
        uint low = (uint)value; // division of 32 bits takes a fraction of that of 64
        int at = text.Length - 2;
        for (; at >= 0; at -= 2)
        {
            uint rest = low / TwoDigits;
            Put(text, at, low - rest * TwoDigits);
            low = rest;
        }

        if (at == -1)
            text[0] = (byte)('0' + (int)(low % 10));
    }

    // Writes from the end until 32 bits are left, or no room.
    private static ulong WriteHighDigits(ulong value, ref Span<byte> text)
    {
        while (value > uint.MaxValue && text.Length >= 2)
        {
            (value, ulong pair) = Math.DivRem(value, TwoDigits);
            Put(text, text.Length - 2, (uint)pair);
            text = text[..^2];
        }

        return value > uint.MaxValue ? value % TwoDigits : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Span<byte> text, int at, uint pair) => Pairs.Slice((int)pair * 2, 2).CopyTo(text.Slice(at, 2));

    private static ulong[] ComputePowers()
    {
        var powers = new ulong[20];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
