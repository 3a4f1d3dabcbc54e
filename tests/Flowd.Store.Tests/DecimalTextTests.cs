using System;
using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Tests;

/// <summary>Numbers and addresses by hand, against those of the class library.</summary>
public class DecimalTextTests
{
    // All lengths alike, and the ends of each.
    private static readonly Gen<ulong> AnyNumber = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.Int[0, 63]).Select((n, shift) => n >> shift),
        Gen.Select(Gen.Int[0, 19], Gen.Int[-1, 1]).Select((power, more) => unchecked((ulong)decimal.Truncate((decimal)Math.Pow(10, power)) + (ulong)more)),
        Gen.OneOf(Gen.Const(0ul), Gen.Const(ulong.MaxValue), Gen.Const((ulong)uint.MaxValue), Gen.Const(1ul << 32)));

    [Fact]
    public void Numbers()
        => AnyNumber.Sample(number =>
        {
            string expected = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(expected.Length, DecimalText.LengthOf(number));
            Assert.Equal(expected, Text(line => line.AddNumber(number)));
            long signed = unchecked((long)number);
            Assert.Equal(signed.ToString(CultureInfo.InvariantCulture), Text(line => line.AddNumber(signed)));
        }, iter: 50_000);

    [Fact]
    public void Padded_numbers()
        => Gen.Select(AnyNumber, Gen.Int[1, 24]).Sample((number, places) =>
        {
            long signed = unchecked((long)number);
            string digits = signed.ToString(CultureInfo.InvariantCulture).TrimStart('-');
            string expected = signed < 0 ? "-" + digits.PadLeft(places - 1, '0') : digits.PadLeft(places, '0');
            Assert.Equal(expected, Text(line => line.AddPadded(signed, places)));
        }, iter: 20_000);

    [Fact]
    public void The_lowest_digits()
        => Gen.Select(AnyNumber, Gen.Int[1, 24]).Sample((number, places) =>
        {
            var text = new byte[places];
            DecimalText.WriteDigits(number, text);
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture).PadLeft(places, '0')[^places..], Encoding.ASCII.GetString(text));
        }, iter: 20_000);

    [Fact]
    public void Hexadecimal_numbers()
        => Gen.Select(Gen.UInt, Gen.Int[1, 8]).Sample((number, digits)
            => Assert.Equal(number.ToString("x8", CultureInfo.InvariantCulture)[^digits..], Text(line => line.AddHex(number, digits))));

    // As inet_ntop(3) of glibc has it.
    [Fact]
    public void Addresses()
        => Gen.OneOf(Gen.Const((ushort)0), Gen.UShort, Gen.Byte.Select(b => (ushort)b)).Array[8].Sample(groups =>
        {
            Span<byte> octets = stackalloc byte[16];
            for (int i = 0; i < 8; i++)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(octets[(2 * i)..], groups[i]);
            Address address = Address.FromIPv6(octets);
            Assert.Equal(Naive(groups), address.ToString());
            Assert.Equal(Naive(groups), Text(line => line.Add(in address)));
            Address four = Address.FromIPv4((uint)groups[0] << 16 | groups[1]);
            Assert.Equal(new IPAddress(octets[..4]).ToString(), Text(line => line.Add(in four)));
        }, iter: 20_000);

    // Of all ways to leave out a run of two or more zeros the longest, of those the first.
    private static string Naive(ushort[] groups)
    {
        int best = 0, bestStart = 0;
        for (int start = 0; start < 8; start++)
        {
            int length = 0;
            while (start + length < 8 && groups[start + length] == 0)
                length++;
            if (length >= 2 && length > best)
                (best, bestStart) = (length, start);
        }

        string[] texts = Array.ConvertAll(groups, group => group.ToString("x", CultureInfo.InvariantCulture));
        string dotted = $"{groups[6] >> 8}.{groups[6] & 0xFF}.{groups[7] >> 8}.{groups[7] & 0xFF}";
        if (bestStart == 0 && best == 6)
            return "::" + dotted;
        if (bestStart == 0 && best == 5 && groups[5] == 0xFFFF)
            return "::ffff:" + dotted;
        return best == 0 ? string.Join(':', texts) : $"{string.Join(':', texts[..bestStart])}::{string.Join(':', texts[(bestStart + best)..])}";
    }

    private static string Text(Action<Utf8Buffer> write)
    {
        var line = new Utf8Buffer(1); // so that it must grow
        write(line);
        return Encoding.UTF8.GetString(line.Written);
    }
}
