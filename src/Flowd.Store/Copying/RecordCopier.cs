using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store.Copying;

/// <summary>16 octets of a record on the wire, from Offset on, and where in 16 of the log's record each goes, if anywhere.</summary>
internal readonly record struct CopySource(int Offset, Vector128<byte> Places);

/// <summary>What comes into 16 octets of the log's record, from Target on, and what these count in the checksum.</summary>
internal readonly record struct CopyStep(int Target, CopySource First, CopySource Second, Vector128<ulong> Factors);

/// <summary>
/// A layout compiled against the sections that a log stores. What all records of a run have in common is written once, as any record is, and becomes the
/// prototype; each record is the prototype with octets of the wire shuffled in, 16 at a time. <see cref="LogRecord.Write"/> says what is right; a test holds
/// the two against each other.
/// </summary>
internal sealed class RecordCopier
{
    private const int Block = 16;
    private const int AtOnce = 32; // records, so that they stay in the first cache from step to step
    private const byte Nowhere = 0x80; // such an index gives 0

    private readonly WireLayout _layout;
    private readonly CopyStep[] _steps;
    private readonly byte[] _prototype;
    private readonly (Section Section, int Offset)[] _ofMessage; // what the wire does not give all octets of
    private readonly CopyWay _way;
    private readonly WideCopier? _wide;

    /// <param name="layout">Of the records on the wire.</param>
    /// <param name="mask">The sections that are stored, of version 3.0 of the log.</param>
    /// <param name="blank">What a message gives its records; <see cref="Begin"/> gets others of the same fields.</param>
    /// <param name="way">Or a slower one, if the layout wants it.</param>
    public RecordCopier(WireLayout layout, LogFields mask, in FlowRecord blank, CopyWay way)
    {
        _layout = layout;
        _way = way;
        _prototype = MakePrototype(in blank, mask);
        var fields = (LogFields)ReadUInt32BigEndian(_prototype.AsSpan(LogRecord.FieldsOffset));
        IsChecked = (fields & LogFields.Crc32) != 0;
        int[] sources = SourcesOf(fields);
        _ofMessage = [.. LogSections.Rows
            .Where(section => (fields & section.Field) != 0)
            .Select(section => (Section: section, Offset: OffsetOf(section.Field, fields)))
            .Where(place => sources.AsSpan(place.Offset, place.Section.Length).Contains(-1))];
        if (way == CopyWay.Wide && WideCopier.Suits(layout.Length, Length))
            _wide = new WideCopier(layout.Length, sources, IsChecked);
        _steps = _wide is null ? Compile(sources) : [];
    }

    /// <summary>Octets of each record in the log.</summary>
    public int Length => _prototype.Length;

    /// <summary>Octets behind the last record that <see cref="Copy(ReadOnlySpan{byte}, Span{byte})"/> touches at most, without changing them: a record may be shorter than what is copied at once.</summary>
    public const int Overhang = Block - LogRecord.HeaderLength;

    private bool IsChecked { get; }

    private int Covered => Length - SectionTable.ChecksumLength;

    /// <summary>Begins with records of another message.</summary>
    public void Begin(in FlowRecord blank)
    {
        foreach ((Section section, int offset) in _ofMessage)
            section.Put(in blank, _prototype.AsSpan(offset, section.Length));
        if (IsChecked)
            WriteUInt32BigEndian(_prototype.AsSpan(Covered), LogChecksum.Of(_prototype.AsSpan(0, Covered)));
    }

    /// <summary>Makes records of the log of those on the wire.</summary>
    public void Copy(ReadOnlySpan<byte> wire, Span<byte> log)
    {
        if (_wide is not null)
        {
            _wide.Copy(_prototype, wire, log);
            return;
        }

        for (int left = wire.Length / _layout.Length; left > 0; left -= AtOnce)
        {
            int count = Math.Min(left, AtOnce);
            Copy(wire, log, count);
            wire = wire[(count * _layout.Length)..];
            log = log[(count * Length)..];
        }
    }

    // Step by step, and in each all records, so that what a step is made of stays in registers.
    private void Copy(ReadOnlySpan<byte> wire, Span<byte> log, int count)
    {
        Repeat(_prototype, log[..(count * Length)]);
        if (_way == CopyWay.Portable)
        {
            CopyWithout(wire, log, count);
            return;
        }

        Span<Vector128<ulong>> sums = stackalloc Vector128<ulong>[count]; // zeros
        foreach (ref readonly CopyStep step in _steps.AsSpan())
            Copy(in step, wire, log, sums);
        if (IsChecked)
            PutChecksums(log, sums);
    }

    private void Copy(in CopyStep step, ReadOnlySpan<byte> wire, Span<byte> log, Span<Vector128<ulong>> sums)
    {
        (int target, CopySource one, CopySource two, Vector128<ulong> factors) = step;
        ReadOnlySpan<byte> first = wire[one.Offset..];
        ReadOnlySpan<byte> second = wire[two.Offset..];
        Span<byte> there = log[target..];
        (int wireLength, int logLength) = (_layout.Length, Length);
        for (int i = 0; ;)
        {
            Vector128<byte> octets = Ssse3.Shuffle(Vector128.Create(first), one.Places) | Ssse3.Shuffle(Vector128.Create(second), two.Places);
            (Vector128.Create<byte>(there) | octets).CopyTo(there);
            sums[i] ^= SparseChecksum.Product(octets, factors);
            if (++i == sums.Length)
                return;
            first = first[wireLength..];
            second = second[wireLength..];
            there = there[logLength..];
        }
    }

    // The prototype has the checksum of what is common.
    private void PutChecksums(Span<byte> log, ReadOnlySpan<Vector128<ulong>> sums)
    {
        uint common = ReadUInt32BigEndian(log[Covered..]);
        int target = Covered;
        foreach (Vector128<ulong> sum in sums)
        {
            WriteUInt32BigEndian(log[target..], common ^ SparseChecksum.Reduce(sum));
            target += Length;
        }
    }

    // On processors that lack the instructions.
    private void CopyWithout(ReadOnlySpan<byte> wire, Span<byte> log, int count)
    {
        for (; count > 0; count--, log = log[Length..], wire = wire[_layout.Length..])
        {
            foreach (ref readonly CopyStep step in _steps.AsSpan())
            {
                Span<byte> there = log.Slice(step.Target, Block);
                (Vector128.Create<byte>(there) | Shuffle(wire, step.First) | Shuffle(wire, step.Second)).CopyTo(there);
            }

            if (IsChecked)
                WriteUInt32BigEndian(log[Covered..], LogChecksum.Of(log[..Covered]));
        }
    }

    private static Vector128<byte> Shuffle(ReadOnlySpan<byte> wire, CopySource source)
        => Vector128.Shuffle(Vector128.Create(wire.Slice(source.Offset, Block)), source.Places);

    // Copies what is there, twice as much each time.
    private static void Repeat(ReadOnlySpan<byte> once, Span<byte> all)
    {
        once.CopyTo(all);
        for (int there = once.Length; there < all.Length; there *= 2)
            all[..Math.Min(there, all.Length - there)].CopyTo(all[there..]);
    }

    // The values of the wire are zeros in it.
    private byte[] MakePrototype(in FlowRecord blank, LogFields mask)
    {
        Span<byte> octets = stackalloc byte[LogRecord.MaxLength];
        FlowRecord record = blank;
        _layout.Describe(ref record);
        return octets[..LogRecord.Write(in record, mask, octets)].ToArray();
    }

    private static int OffsetOf(LogFields section, LogFields fields)
        => LogRecord.HeaderLength + LogSections.Table.LengthOf(fields & (LogFields)((uint)section - 1));

    // For each octet of the log's record, which of the wire's goes there, or -1. Numbers may be wider in the log.
    private int[] SourcesOf(LogFields fields)
    {
        int[] sources = new int[Math.Max(Length, Block)];
        Array.Fill(sources, -1);
        foreach (WirePlace wire in _layout.Places)
        {
            ValuePlace place = ValuePlace.Of(in wire);
            if ((fields & place.Section) == 0)
                continue;
            int end = OffsetOf(place.Section, fields) + place.Offset + place.Width;
            for (int i = 1; i <= wire.Length; i++)
                sources[end - i] = wire.Offset + wire.Length - i;
        }

        return sources;
    }

    private CopyStep[] Compile(int[] sources)
    {
        var steps = new List<CopyStep>();
        for (int first = 0; (first = Array.FindIndex(sources, first, static source => source >= 0)) >= 0;)
        {
            int target = Math.Max(0, Math.Min(first, Length - Block));
            Span<int> missing = sources.AsSpan(target, Block);
            steps.Add(new CopyStep(target, TakeSource(missing), TakeSource(missing), SparseChecksum.FactorsOf(Covered - target - Block)));
        }

        return [.. steps];
    }

    // The first of the 16 octets that is missing, and as many others with it as 16 octets of the wire give; nothing, if none is.
    private CopySource TakeSource(Span<int> missing)
    {
        int offset = BestOffset(missing);
        Span<byte> places = stackalloc byte[Block];
        places.Fill(Nowhere);
        for (int i = 0; i < Block; i++)
        {
            if (missing[i] < offset || missing[i] >= offset + Block)
                continue;
            places[i] = (byte)(missing[i] - offset);
            missing[i] = -1;
        }

        return new CopySource(offset, Vector128.Create<byte>(places));
    }

    private int BestOffset(ReadOnlySpan<int> missing)
    {
        int best = 0;
        int most = 0;
        int needed = missing[Math.Max(0, missing.IndexOfAnyExcept(-1))];
        for (int offset = Math.Max(0, needed - Block + 1); offset <= Math.Min(needed, _layout.Length - Block); offset++)
        {
            int got = 0;
            foreach (int source in missing)
                got += source >= offset && source < offset + Block ? 1 : 0;
            (best, most) = got > most ? (offset, got) : (best, most);
        }

        return best;
    }
}
