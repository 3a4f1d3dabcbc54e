using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Flowd.Store.Copying.Halves;

namespace Flowd.Store.Copying;

/// <summary><see cref="SparseChecksum"/> with four blocks of 16 at a time, and four sums.</summary>
internal static class WideChecksum
{
    // Of two vectors of four parts, two of each.
    private const byte EvenParts = 0b10_00_10_00;
    private const byte OddParts = 0b11_01_11_01;

    public static bool IsSupported => Avx512F.IsSupported && Pclmulqdq.V512.IsSupported;

    /// <summary>What the four blocks of 64 octets are multiplied by that so many octets follow, and the checksum's.</summary>
    public static Vector512<ulong> FactorsOf(int octetsBehind) => Vector512.Create(
        Vector256.Create(SparseChecksum.FactorsOf(octetsBehind + 48), SparseChecksum.FactorsOf(octetsBehind + 32)),
        Vector256.Create(SparseChecksum.FactorsOf(octetsBehind + 16), SparseChecksum.FactorsOf(octetsBehind)));

    /// <summary>The parts of four blocks, beside each other: a sum in four parts.</summary>
    public static Vector512<ulong> Product(Vector512<byte> blocks, Vector512<ulong> factors)
        => Pclmulqdq.V512.CarrylessMultiply(blocks.AsUInt64(), factors, LowByLow) ^ Pclmulqdq.V512.CarrylessMultiply(blocks.AsUInt64(), factors, HighByHigh);

    /// <summary>The checksums of four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Reduce(Vector512<ulong> first, Vector512<ulong> second, Vector512<ulong> third, Vector512<ulong> fourth)
    {
        Vector512<ulong> sums = OnePartEach(first, second, third, fourth);
        Vector512<ulong> barrett = Vector512.Create(Vector256.Create(SparseChecksum.Quotient, SparseChecksum.WholePolynomial, SparseChecksum.Quotient, SparseChecksum.WholePolynomial));
        Vector512<ulong> rest = sums ^ Pclmulqdq.V512.CarrylessMultiply(sums, Vector512.Create(SparseChecksum.Fold), LowByLow);
        Vector512<ulong> quotient = Pclmulqdq.V512.CarrylessMultiply(rest & Vector512.Create(LowerBits), barrett, HighByLow);
        Vector512<ulong> product = Pclmulqdq.V512.CarrylessMultiply(quotient & Vector512.Create(LowerBits), barrett, LowByHigh);
        Vector512<uint> checksums = (Avx512F.UnpackHigh(rest, rest) ^ product).AsUInt32();
        return Avx512F.PermuteVar16x32(checksums, Vector512.Create(1u, 5, 9, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).GetLower().GetLower();
    }

    /// <summary>Four sums, all parts of each added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> OnePartEach(Vector512<ulong> first, Vector512<ulong> second, Vector512<ulong> third, Vector512<ulong> fourth)
        => AddParts(AddParts(first, second), AddParts(third, fourth));

    // Adds parts of each sum until it has half as many: those of one come before those of the other.
    private static Vector512<ulong> AddParts(Vector512<ulong> one, Vector512<ulong> two)
        => Avx512F.Shuffle4x128(one, two, EvenParts) ^ Avx512F.Shuffle4x128(one, two, OddParts);
}
