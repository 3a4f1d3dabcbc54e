using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store.Copying;

/// <summary>Some octets of a record on the wire, 16 from Offset on, and where in a block of the log's record each goes, if anywhere.</summary>
internal readonly record struct CopyStep(int Offset, Vector128<byte> Places);

/// <summary>The end of a block's steps, and what it counts in the checksum.</summary>
internal readonly record struct CopyBlock(int EndStep, Vector128<ulong> Factors);

/// <summary>
/// A layout compiled against the sections that a log stores. What all records of a run have in common is written once, as any record is, and becomes the
/// prototype; each record is the prototype with octets of the wire shuffled in, 16 at a time. <see cref="LogRecord.Write"/> says what is right; a test holds
/// the two against each other.
/// </summary>
internal sealed class RecordCopier
{
    private const int Block = 16;
    private const byte Nowhere = 0x80; // such an index gives 0

    private readonly WireLayout _layout;
    private readonly LogFields _mask;
    private readonly CopyStep[] _steps;
    private readonly CopyBlock[] _blocks;
    private readonly Vector128<byte>[] _prototype;
    private readonly byte[] _room = new byte[LogRecord.MaxLength + Block];
    private uint _commonChecksum;

    /// <param name="layout">Of the records on the wire.</param>
    /// <param name="mask">The sections that are stored, of version 3.0 of the log.</param>
    /// <param name="blank">What a message gives its records; <see cref="Begin"/> gets others of the same fields.</param>
    public RecordCopier(WireLayout layout, LogFields mask, in FlowRecord blank)
    {
        (_layout, _mask) = (layout, mask);
        Length = WritePrototype(in blank);
        var fields = (LogFields)ReadUInt32BigEndian(_room.AsSpan(LogRecord.FieldsOffset));
        _prototype = new Vector128<byte>[(Length + Block - 1) / Block];
        _blocks = new CopyBlock[_prototype.Length];
        _steps = Compile(SourcesOf(fields));
        IsChecked = (fields & LogFields.Crc32) != 0;
    }

    /// <summary>Octets of each record in the log.</summary>
    public int Length { get; }

    /// <summary>Octets that <see cref="Copy"/> writes behind the last record, at most. They mean nothing.</summary>
    public const int Overhang = Block - 1;

    private bool IsChecked { get; }

    /// <summary>Begins with records of another message.</summary>
    public void Begin(in FlowRecord blank)
    {
        WritePrototype(in blank);
        for (int i = 0; i < _prototype.Length; i++)
            _prototype[i] = Vector128.Create<byte>(_room.AsSpan(i * Block));
        _commonChecksum = IsChecked ? ReadUInt32BigEndian(_room.AsSpan(Length - SectionTable.ChecksumLength)) : 0;
    }

    /// <summary>Makes records of the log of those on the wire.</summary>
    public void Copy(ReadOnlySpan<byte> wire, Span<byte> log)
    {
        for (; !wire.IsEmpty; wire = wire[_layout.Length..])
        {
            CopyRecord(wire[.._layout.Length], log);
            log = log[Length..];
        }
    }

    private void CopyRecord(ReadOnlySpan<byte> wire, Span<byte> record)
    {
        ReadOnlySpan<CopyStep> steps = _steps;
        ReadOnlySpan<CopyBlock> blocks = _blocks;
        Span<byte> rest = record;
        Vector128<ulong> sum = default;
        int step = 0;
        foreach (ref readonly Vector128<byte> common in _prototype.AsSpan())
        {
            Vector128<byte> octets = default;
            for (; step < blocks[0].EndStep; step++)
                octets |= Shuffle(Vector128.Create(wire.Slice(steps[step].Offset, Block)), steps[step].Places);
            (octets | common).CopyTo(rest);
            if (SparseChecksum.IsSupported)
                sum ^= SparseChecksum.Product(octets, blocks[0].Factors);
            rest = rest[Block..];
            blocks = blocks[1..];
        }

        if (IsChecked)
        {
            Span<byte> covered = record[..(Length - SectionTable.ChecksumLength)];
            WriteUInt32BigEndian(record[covered.Length..], SparseChecksum.IsSupported ? _commonChecksum ^ SparseChecksum.Reduce(sum) : LogChecksum.Of(covered));
        }
    }

    // The instruction is not in the set that code for x64 is compiled for, but nearly all processors have it, and without it this takes ten times as long.
    private static Vector128<byte> Shuffle(Vector128<byte> octets, Vector128<byte> places)
        => Ssse3.IsSupported ? Ssse3.Shuffle(octets, places) : Vector128.ShuffleNative(octets, places);

    // The values of the wire are zeros in it.
    private int WritePrototype(in FlowRecord blank)
    {
        FlowRecord record = blank;
        record.Fields |= _layout.Fields;
        foreach (WirePlace place in _layout.Places)
        {
            Address zero = place.Length == Block ? Address.FromIPv6(_room.AsSpan(LogRecord.MaxLength)) : Address.FromIPv4(0);
            if (place.Value == RecordValue.SourceAddress)
                record.SourceAddress = zero;
            else if (place.Value == RecordValue.DestinationAddress)
                record.DestinationAddress = zero;
            else if (place.Value == RecordValue.GatewayAddress)
                record.GatewayAddress = zero;
        }

        return LogRecord.Write(in record, _mask, _room);
    }

    // For each octet of the log's record, which of the wire's goes there, or -1. Numbers are wider in the log, or cut to their last octets.
    private int[] SourcesOf(LogFields fields)
    {
        int[] sources = new int[_prototype.Length * Block];
        Array.Fill(sources, -1);
        foreach (WirePlace wire in _layout.Places)
        {
            ValuePlace place = ValuePlace.Of(in wire);
            if ((fields & place.Section) == 0)
                continue;
            LogFields before = fields & (LogFields)((uint)place.Section - 1);
            int end = LogRecord.HeaderLength + LogSections.Table.LengthOf(before) + place.Offset + place.Width;
            for (int i = 1; i <= Math.Min(wire.Length, place.Width); i++)
                sources[end - i] = wire.Offset + wire.Length - i;
        }

        return sources;
    }

    private CopyStep[] Compile(int[] sources)
    {
        var steps = new List<CopyStep>();
        for (int block = 0; block < _blocks.Length; block++)
        {
            Span<int> ofBlock = sources.AsSpan(block * Block, Block);
            while (ofBlock.ContainsAnyExcept(-1))
                steps.Add(TakeStep(ofBlock));
            int octetsBehind = Length - SectionTable.ChecksumLength - (block + 1) * Block;
            _blocks[block] = new CopyBlock(steps.Count, SparseChecksum.FactorsOf(octetsBehind));
        }

        return [.. steps];
    }

    // As much of the block as 16 octets of the wire give.
    private CopyStep TakeStep(Span<int> sources)
    {
        int first = int.MaxValue;
        foreach (int source in sources)
            first = source >= 0 ? Math.Min(first, source) : first;
        first = Math.Min(first, _layout.Length - Block);
        Span<byte> places = stackalloc byte[Block];
        places.Fill(Nowhere);
        for (int i = 0; i < Block; i++)
        {
            if (sources[i] < first || sources[i] >= first + Block)
                continue;
            places[i] = (byte)(sources[i] - first);
            sources[i] = -1;
        }

        return new CopyStep(first, Vector128.Create<byte>(places));
    }
}
