using System;
using System.Runtime.Intrinsics;
using Flowd.Store.Copying;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// Verifies one checksum of each of many records of one layout: the same octets of each, so that what the blocks are multiplied by is worked out once.
/// <see cref="LogChecksum"/> says what is right.
/// </summary>
internal sealed class RunChecksum
{
    private const int Block = 16;

    private readonly int _start;
    private readonly int _stored;
    private readonly int _firstWhole;
    private readonly Vector128<byte> _firstMask; // of the first block, the octets before the first whole one
    private readonly Vector128<ulong>[] _factors;

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
    }

    public const int Least = Block;

    public static bool IsSupported => SparseChecksum.IsSupported;

    /// <summary>False if one of the records, of that length each, has another checksum than it should.</summary>
    public bool AreTrue(ReadOnlySpan<byte> records, int length)
    {
        uint wrong = 0;
        for (; !records.IsEmpty; records = records[length..])
            wrong |= Of(records) ^ ReadUInt32BigEndian(records[_stored..]);
        return wrong == 0;
    }

    private uint Of(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<Vector128<ulong>> factors = _factors;
        Vector128<ulong> sum = SparseChecksum.Product(Vector128.Create(record.Slice(_start, Block)) & _firstMask, factors[0]);
        ReadOnlySpan<byte> rest = record[_firstWhole..];
        for (int i = 1; i < factors.Length; i++)
        {
            sum ^= SparseChecksum.Product(Vector128.Create(rest), factors[i]);
            rest = rest[Block..];
        }

        return SparseChecksum.Reduce(sum);
    }
}
