using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Flowd.Store.Copying;
using static Flowd.Store.Copying.Halves;

namespace Flowd.Store;

/// <summary>
/// <see cref="RunChecksum"/> in blocks of 64 octets, and of four records at once. What the checksum is of and the checksum behind it, its lowest octet first, are a
/// multiple of P: so they are one sum.
/// </summary>
internal sealed class WideRunChecksum
{
    /// <summary>So many records at a time.</summary>
    public const int Records = 4;

    private const int Block = 64;
    private static readonly Vector512<byte> LastPlaces = LowestOctetFirst();

    private readonly int _start;
    private readonly int _second; // where the second block begins, which is the first whole one
    private readonly int _last;
    private readonly Vector512<byte> _firstMask; // of the first block, the octets before
    private readonly Vector512<ulong> _firstFactor;
    private readonly Vector512<ulong> _lastFactor;
    private readonly Vector512<ulong>[] _factors; // of those between

    /// <summary>Of what stands from <paramref name="start"/> to <paramref name="end"/>, which its checksum follows.</summary>
    public WideRunChecksum(int start, int end)
    {
        _start = start;
        int behind = -SectionTable.ChecksumLength;
        int length = end - start - behind;
        int first = (length - 1) % Block + 1;
        (_second, _last) = (start + first, start + length - Block);
        Span<byte> mask = stackalloc byte[Block];
        mask.Clear();
        mask[..first].Fill(byte.MaxValue);
        _firstMask = Vector512.Create<byte>(mask);
        _firstFactor = WideChecksum.FactorsOf(length - Block + behind);
        _lastFactor = WideChecksum.FactorsOf(behind);
        _factors = new Vector512<ulong>[(_last - _second) / Block];
        for (int i = 0; i < _factors.Length; i++)
            _factors[i] = WideChecksum.FactorsOf(_last - _second - i * Block + behind);
    }

    /// <summary>Whether the processor can do it, and so many octets, without the checksum, are enough.</summary>
    public static bool Suits(int length) => WideChecksum.IsSupported && length > Block - SectionTable.ChecksumLength;

    /// <summary>False if one of the records, of that length each, has another checksum than it should. Their number is a multiple of <see cref="Records"/>.</summary>
    public bool AreTrue(ReadOnlySpan<byte> records, int length)
    {
        (Vector512<ulong> fold, Vector512<ulong> inverse) = (Vector512.Create(SparseChecksum.Fold), Vector512.Create(RunChecksum.Inverse));
        Vector512<byte> places = LastPlaces;
        ReadOnlySpan<Vector512<ulong>> factors = _factors;
        Vector512<ulong> quotients = default;
        for (; !records.IsEmpty; records = records[(Records * length)..])
        {
            ReadOnlySpan<byte> second = records[length..], third = second[length..], fourth = third[length..];
            Vector512<ulong> one = EndsOf(records, places), two = EndsOf(second, places), three = EndsOf(third, places), four = EndsOf(fourth, places);
            int at = _second;
            foreach (ref readonly Vector512<ulong> factor in factors)
            {
                one ^= WideChecksum.Product(Vector512.Create(records.Slice(at, Block)), factor);
                two ^= WideChecksum.Product(Vector512.Create(second.Slice(at, Block)), factor);
                three ^= WideChecksum.Product(Vector512.Create(third.Slice(at, Block)), factor);
                four ^= WideChecksum.Product(Vector512.Create(fourth.Slice(at, Block)), factor);
                at += Block;
            }

            Vector512<ulong> sums = WideChecksum.OnePartEach(one, two, three, four);
            Vector512<ulong> rests = sums ^ Pclmulqdq.V512.CarrylessMultiply(sums, fold, LowByLow);
            quotients |= Pclmulqdq.V512.CarrylessMultiply(rests, inverse, HighByLow);
        }

        return (quotients & Vector512.Create(Vector256.Create(RunChecksum.HighQuotient, RunChecksum.HighQuotient))) == default;
    }

    // The parts of the first and the last block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<ulong> EndsOf(ReadOnlySpan<byte> record, Vector512<byte> lastPlaces)
        => WideChecksum.Product(Vector512.Create(record.Slice(_start, Block)) & _firstMask, _firstFactor)
            ^ WideChecksum.Product(Avx512BW.Shuffle(Vector512.Create(record.Slice(_last, Block)), lastPlaces), _lastFactor);

    // The order of the octets of the last block, within each 16.
    private static Vector512<byte> LowestOctetFirst()
    {
        Span<byte> places = stackalloc byte[Block];
        for (int i = 0; i < Block; i++)
            places[i] = (byte)(i % 16);
        places[^SectionTable.ChecksumLength..].Reverse();
        return Vector512.Create<byte>(places);
    }
}
