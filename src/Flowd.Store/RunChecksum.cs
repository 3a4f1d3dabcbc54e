using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Flowd.Store.Copying;
using static Flowd.Store.Copying.Halves;

namespace Flowd.Store;

/// <summary>
/// Verifies one checksum of each of many records of one layout: the same octets of each, so that what the blocks are multiplied by is worked out once.
/// <see cref="LogChecksum"/> says what is right.
/// </summary>
internal sealed class RunChecksum
{
    private const int Block = 16;
    private const int StoredAt = Block - SectionTable.ChecksumLength;
    private const ulong Polynomial = SparseChecksum.WholePolynomial << 31;

    // Of the checksum in the log, the highest octet first, to the lowest coefficients.
    private static readonly Vector128<byte> StoredPlaces = Vector128.Create((byte)128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 15, 14, 13, 12);

    /// <summary>1 / P modulo x^64.</summary>
    public static readonly ulong Inverse = InverseOfPolynomial();

    /// <summary>Coefficients 32 to 63 of a product modulo x^64, none of which a multiple of P has.</summary>
    public static readonly Vector128<ulong> HighQuotient = Vector128.Create(1ul << 63, 0x7FFF_FFFF);

    private readonly int _start;
    private readonly int _stored;
    private readonly int _firstWhole;
    private readonly Vector128<byte> _firstMask; // of the first block, the octets before the first whole one
    private readonly Vector128<ulong>[] _factors;
    private readonly WideRunChecksum? _wide;

    /// <summary>The checksum at <paramref name="stored"/> is of what stands from <paramref name="start"/> to <paramref name="end"/>, at least <see cref="Least"/> octets.</summary>
    public RunChecksum(int start, int end, int stored)
    {
        (_start, _stored) = (start, stored);
        int length = end - start;
        int first = (length - 1) % Block + 1;
        _firstWhole = start + first;
        Span<byte> mask = stackalloc byte[Block];
        mask.Clear();
        mask[..first].Fill(byte.MaxValue);
        _firstMask = Vector128.Create<byte>(mask);
        _factors = new Vector128<ulong>[(length + Block - 1) / Block];
        for (int i = 0; i < _factors.Length; i++)
            _factors[i] = SparseChecksum.FactorsOf(i == 0 ? length - Block : length - first - i * Block);
        if (stored == end && WideRunChecksum.Suits(length))
            _wide = new WideRunChecksum(start, end);
    }

    public const int Least = Block;

    public static bool IsSupported => SparseChecksum.IsSupported && Ssse3.IsSupported;

    /// <summary>False if one of the records, of that length each, has another checksum than it should.</summary>
    public bool AreTrue(ReadOnlySpan<byte> records, int length)
    {
        int wide = _wide is null ? 0 : records.Length / length / WideRunChecksum.Records * WideRunChecksum.Records * length;
        return (wide == 0 || _wide!.AreTrue(records[..wide], length)) && HaveTrue(records[wide..], length);
    }

    private bool HaveTrue(ReadOnlySpan<byte> records, int length)
    {
        (Vector128<ulong> fold, Vector128<ulong> inverse, Vector128<byte> places) = (Vector128.CreateScalar(SparseChecksum.Fold), Vector128.CreateScalar(Inverse), StoredPlaces); // each look at what is static costs a question
        Vector128<ulong> quotients = default;
        for (; !records.IsEmpty; records = records[length..])
        {
            Vector128<ulong> sum = Sum(records) ^ Ssse3.Shuffle(Vector128.Create(records.Slice(_stored - StoredAt, Block)), places).AsUInt64();
            Vector128<ulong> rest = sum ^ Pclmulqdq.CarrylessMultiply(sum, fold, LowByLow);
            quotients |= Pclmulqdq.CarrylessMultiply(rest, inverse, HighByLow);
        }

        return (quotients & HighQuotient) == default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ulong> Sum(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<Vector128<ulong>> factors = _factors;
        Vector128<ulong> sum = SparseChecksum.Product(Vector128.Create(record.Slice(_start, Block)) & _firstMask, factors[0]);
        record = record[_firstWhole..];
        factors = factors[1..];
        for (; factors.Length >= 4; factors = factors[4..])
        {
            ReadOnlySpan<Vector128<ulong>> four = factors[..4];
            ReadOnlySpan<byte> octets = record[..(4 * Block)];
            sum ^= SparseChecksum.Product(Vector128.Create(octets), four[0]) ^ SparseChecksum.Product(Vector128.Create(octets[Block..]), four[1])
                ^ SparseChecksum.Product(Vector128.Create(octets[(2 * Block)..]), four[2]) ^ SparseChecksum.Product(Vector128.Create(octets[(3 * Block)..]), four[3]);
            record = record[(4 * Block)..];
        }

        foreach (ref readonly Vector128<ulong> factor in factors)
        {
            sum ^= SparseChecksum.Product(Vector128.Create(record), factor);
            record = record[Block..];
        }

        return sum;
    }

    // 1 / P modulo x^64, the highest coefficient being the lowest bit: each coefficient follows from those below it.
    private static ulong InverseOfPolynomial()
    {
        ulong rest = 1ul << 63;
        ulong inverse = 0;
        for (int bit = 63; bit >= 0; bit--)
        {
            if ((rest >> bit & 1) == 0)
                continue;
            inverse |= 1ul << bit;
            rest ^= Polynomial >> (63 - bit);
        }

        return inverse;
    }
}
