using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store.Copying;

/// <summary>64 octets of the log's record, from Target on: which octet of the wire's comes where, for those that are Given, and what these count in the checksum.</summary>
internal readonly record struct WideStep(int Target, Vector512<byte> Places, Vector512<byte> Given, Vector512<ulong> Factors);

/// <summary>
/// Does what <see cref="RecordCopier"/> does with 64 octets at a time, each of which may come from any of 128 on the wire, and with four checksums at a time.
/// Few processors can, and only a program that is compiled for them asks.
/// </summary>
internal sealed class WideCopier
{
    private const int Block = 64;

    private readonly int _wireLength;
    private readonly int _logLength;
    private readonly int _upper; // where the second 64 octets of the wire's record begin; 0 if it has no more than 64
    private readonly bool _isChecked;
    private readonly WideStep[] _steps;

    /// <param name="wireLength">Octets of each record on the wire.</param>
    /// <param name="sources">For each octet of the log's record, which of the wire's goes there, or -1.</param>
    /// <param name="isChecked">Whether the last octets of the log's record are a checksum of the others.</param>
    public WideCopier(int wireLength, ReadOnlySpan<int> sources, bool isChecked)
    {
        (_wireLength, _logLength, _isChecked) = (wireLength, sources.Length, isChecked);
        _upper = wireLength > Block ? Block : 0;
        _steps = new WideStep[(sources.Length + Block - 1) / Block];
        for (int i = 0; i < _steps.Length; i++)
            _steps[^(i + 1)] = Step(sources, i * Block, Covered);
    }

    public static bool IsSupported => Avx512Vbmi.IsSupported && WideChecksum.IsSupported;

    private int Covered => _logLength - SectionTable.ChecksumLength;

    private int Window => _upper + Block;

    public static bool Suits(int wireLength, int logLength) => wireLength <= 2 * Block && logLength >= Block;

    /// <summary>Makes records of the log of those on the wire.</summary>
    public void Copy(ReadOnlySpan<byte> prototype, ReadOnlySpan<byte> wire, Span<byte> log)
    {
        for (; wire.Length >= 3 * _wireLength + Window; wire = wire[(4 * _wireLength)..], log = log[(4 * _logLength)..])
            CopyFour(prototype, wire, log);

        Span<byte> others = stackalloc byte[5 * Window]; // so that there is a window from the beginning of the last one on
        wire.CopyTo(others);
        for (int left = wire.Length / _wireLength; left > 0; left--, others = others[_wireLength..], log = log[_logLength..])
            CopyOne(prototype, others, log);
    }

    private void CopyFour(ReadOnlySpan<byte> prototype, ReadOnlySpan<byte> wire, Span<byte> log)
    {
        (int second, int third, int fourth) = (_logLength, 2 * _logLength, 3 * _logLength);
        (Vector512<ulong> sum1, Vector512<ulong> sum2, Vector512<ulong> sum3, Vector512<ulong> sum4) = (default, default, default, default);
        foreach (ref readonly WideStep step in _steps.AsSpan())
        {
            Vector512<byte> common = Vector512.Create(prototype[step.Target..]);
            Span<byte> there = log[step.Target..];
            sum1 ^= Put(in step, common, wire, there);
            sum2 ^= Put(in step, common, wire[_wireLength..], there[second..]);
            sum3 ^= Put(in step, common, wire[(2 * _wireLength)..], there[third..]);
            sum4 ^= Put(in step, common, wire[(3 * _wireLength)..], there[fourth..]);
        }

        if (!_isChecked)
            return;
        Span<byte> checksum = log[Covered..];
        Vector128<uint> checksums = WideChecksum.Reduce(sum1, sum2, sum3, sum4) ^ Vector128.Create(CommonOf(prototype));
        WriteUInt32BigEndian(checksum, checksums.GetElement(0));
        WriteUInt32BigEndian(checksum[second..], checksums.GetElement(1));
        WriteUInt32BigEndian(checksum[third..], checksums.GetElement(2));
        WriteUInt32BigEndian(checksum[fourth..], checksums.GetElement(3));
    }

    private void CopyOne(ReadOnlySpan<byte> prototype, ReadOnlySpan<byte> wire, Span<byte> log)
    {
        Vector512<ulong> sum = default;
        foreach (ref readonly WideStep step in _steps.AsSpan())
            sum ^= Put(in step, Vector512.Create(prototype[step.Target..]), wire, log[step.Target..]);
        if (_isChecked)
            WriteUInt32BigEndian(log[Covered..], CommonOf(prototype) ^ WideChecksum.Reduce(sum, sum, sum, sum).ToScalar());
    }

    // What came into the record is its part of the checksum's sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<ulong> Put(in WideStep step, Vector512<byte> common, ReadOnlySpan<byte> wire, Span<byte> there)
    {
        Vector512<byte> octets = step.Given & (_upper == 0
            ? Avx512Vbmi.PermuteVar64x8(Vector512.Create(wire), step.Places)
            : Avx512Vbmi.PermuteVar64x8x2(Vector512.Create(wire), step.Places, Vector512.Create(wire[_upper..])));
        (common | octets).CopyTo(there);
        return WideChecksum.Product(octets, step.Factors);
    }

    private uint CommonOf(ReadOnlySpan<byte> prototype) => ReadUInt32BigEndian(prototype[Covered..]);

    // The last block ends where the record does, so the one before it, which is copied later, puts right what both have.
    private static WideStep Step(ReadOnlySpan<int> sources, int first, int covered)
    {
        int target = Math.Min(first, sources.Length - Block);
        Span<byte> places = stackalloc byte[Block];
        Span<byte> given = stackalloc byte[Block];
        places.Clear();
        given.Clear();
        for (int i = first - target; i < Block; i++)
        {
            if (sources[target + i] < 0)
                continue;
            places[i] = (byte)sources[target + i];
            given[i] = byte.MaxValue;
        }

        return new WideStep(target, Vector512.Create<byte>(places), Vector512.Create<byte>(given), WideChecksum.FactorsOf(covered - target - Block));
    }
}
