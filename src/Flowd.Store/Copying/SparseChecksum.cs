using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Flowd.Store.Copying.Halves;

namespace Flowd.Store.Copying;

/// <summary>
/// The checksum of octets that stand in a few blocks of 16, the others being zeros. It is linear (<see cref="LogChecksum"/>): that of a record is that of what it has in
/// common with others, exclusive or that of the rest. Each block is multiplied by what stands behind it, all independent of each other, and the sum is reduced once.
/// </summary>
/// <remarks>
/// Octets are polynomials whose highest coefficient is the lowest bit. The product of two that are 64 bits long has a bit less than 128, so that as 128 bits it is the
/// product times x: therefore each factor is x^(n-1) where x^n is meant. Everything is modulo P, the polynomial of degree 32 that LogChecksum names.
/// </remarks>
internal static class SparseChecksum
{
    /// <summary>Of degree 32, with x^32 as its lowest bit.</summary>
    public const ulong WholePolynomial = (ulong)Polynomial << 1 | 1;

    /// <summary>For Barrett's reduction: x^64 / P, rounded down, with x^32 as its lowest bit.</summary>
    public const ulong Quotient = 0x1_F701_1641;

    /// <summary>x^64, which the low half of a sum is multiplied by, so that what is left is of degree 63.</summary>
    public const ulong Fold = 0xB8BC_6765_0000_0000;

    private const uint Polynomial = 0xEDB88320; // without x^32
    private const uint One = 1u << 31;

    private const int LeastBehind = -16;
    private static readonly ulong[] Powers = PowersOf256(); // from that of LeastBehind on

    public static bool IsSupported => Pclmulqdq.IsSupported;

    /// <summary>What a block is multiplied by that so many octets follow, and the checksum's; a negative number, if it is so many octets longer than what the checksum is of.</summary>
    public static Vector128<ulong> FactorsOf(int octetsBehind) => Vector128.Create(Power(octetsBehind + 12), Power(octetsBehind + 4));

    /// <summary>A block's part of the sum.</summary>
    public static Vector128<ulong> Product(Vector128<byte> block, Vector128<ulong> factors)
        => Pclmulqdq.CarrylessMultiply(block.AsUInt64(), factors, LowByLow) ^ Pclmulqdq.CarrylessMultiply(block.AsUInt64(), factors, HighByHigh);

    /// <summary>The checksum, of the sum over all blocks, which is of degree 95 at most: modulo P.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Reduce(Vector128<ulong> sum)
    {
        Vector128<ulong> barrett = Vector128.Create(Quotient, WholePolynomial);
        Vector128<ulong> rest = sum ^ Pclmulqdq.CarrylessMultiply(sum, Vector128.CreateScalar(Fold), LowByLow); // of degree 63, in the high half
        Vector128<ulong> quotient = Pclmulqdq.CarrylessMultiply(rest & Vector128.Create(0, LowerBits), barrett, HighByLow);
        Vector128<ulong> product = Pclmulqdq.CarrylessMultiply(quotient & Vector128.Create(LowerBits, 0), barrett, LowByHigh);
        return (uint)((rest.GetElement(1) ^ product.GetElement(0)) >> 32);
    }

    private static ulong Power(int octets) => Powers[octets - LeastBehind];

    // x^(8n-1) mod P for n octets, in the high half of 64 bits. x has an inverse, so n may be negative.
    private static ulong[] PowersOf256()
    {
        var powers = new ulong[LogRecord.MaxLength + 16 - LeastBehind];
        uint power = One;
        for (int i = 8 * LeastBehind; i < 1; i++)
            power = (power & One) != 0 ? unchecked((power ^ Polynomial) << 1) | 1 : unchecked(power << 1);
        foreach (ref ulong entry in powers.AsSpan())
        {
            entry = (ulong)power << 32;
            for (int i = 0; i < 8; i++)
                power = power >> 1 ^ ((power & 1) != 0 ? Polynomial : 0);
        }

        return powers;
    }
}
