using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private const uint Polynomial = 0xEDB88320; // without x^32
    private const uint One = 1u << 31;

    private const byte LowByLow = 0x00;
    private const byte HighByHigh = 0x11;
    private const byte LowByHigh = 0x10;

    private static readonly Vector128<ulong> Folds = Vector128.Create(Factor(96), Factor(64));

    // x^64 / P, rounded down, and P itself: of degree 32, so each has a bit more.
    private static readonly Vector128<ulong> Barrett = Vector128.Create((ulong)Quotient() << 32 | One, (ulong)Polynomial << 32 | One);

    public static bool IsSupported => Pclmulqdq.IsSupported;

    /// <summary>What a block is multiplied by that so many octets follow; a negative number, if it is so many octets longer than what the checksum is of.</summary>
    public static Vector128<ulong> FactorsOf(int octetsBehind) => Vector128.Create(Factor(64 + 8 * octetsBehind), Factor(8 * octetsBehind));

    /// <summary>A block's part of the sum.</summary>
    public static Vector128<ulong> Product(Vector128<byte> block, Vector128<ulong> factors)
        => Pclmulqdq.CarrylessMultiply(block.AsUInt64(), factors, LowByLow) ^ Pclmulqdq.CarrylessMultiply(block.AsUInt64(), factors, HighByHigh);

    /// <summary>The checksum, of the sum over all blocks: times x^32, modulo P.</summary>
    public static uint Reduce(Vector128<ulong> sum)
    {
        ulong high = sum.GetElement(1); // of degree 63 at most; what is above is of degree 95
        Vector128<ulong> folded = Pclmulqdq.CarrylessMultiply(sum, Folds, LowByLow) ^ Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(high << 32), Folds, LowByHigh);
        ulong rest = folded.GetElement(1) ^ high >> 32;

        Vector128<ulong> product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(rest << 32), Barrett, LowByLow);
        ulong quotient = product.GetElement(0) >> 63 | product.GetElement(1) << 1;
        product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotient << 32), Barrett, LowByHigh);
        return unchecked((uint)(rest >> 32) ^ (uint)(product.GetElement(1) >> 31));
    }

    // x^(n-1) mod P, in the high half of 64 bits. x has an inverse, so n may be negative.
    private static ulong Factor(int n)
    {
        uint power = One;
        for (int i = 1; i < n; i++)
            power = power >> 1 ^ ((power & 1) != 0 ? Polynomial : 0);
        for (int i = n; i < 1; i++)
            power = (power & One) != 0 ? unchecked((power ^ Polynomial) << 1) | 1 : unchecked(power << 1);
        return (ulong)power << 32;
    }

    // Without x^32: the digits of a long division of x^64 by P.
    private static uint Quotient()
    {
        uint quotient = 0;
        uint rest = Polynomial; // of x^32
        for (int bit = 0; bit < 32; bit++)
        {
            bool goes = (rest & 1) != 0;
            quotient |= goes ? 1u << bit : 0;
            rest = rest >> 1 ^ (goes ? Polynomial : 0);
        }

        return quotient;
    }
}
