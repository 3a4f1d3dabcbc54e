using System;
using System.Numerics;
using Flowd.Records;

namespace Flowd.Store;

internal delegate void PutSection(in FlowRecord record, Span<byte> wire);

internal delegate void GetSection(ReadOnlySpan<byte> wire, ref FlowRecord record);

/// <summary>One section of a record: its bit in the field mask, its length in octets, and how it is written and read.</summary>
internal readonly record struct Section(LogFields Field, int Length, PutSection Put, GetSection Get);

/// <summary>
/// The sections of one version of the log, in the order in which they stand on disk, which is that of their bits.
/// The checksum is no row: it covers the others and stands behind them all.
/// </summary>
internal sealed class SectionTable
{
    public const int ChecksumLength = 4;

    private readonly Section[] _rows; // row n describes bit n

    public SectionTable(Section[] rows)
    {
        for (int bit = 0; bit < rows.Length; bit++)
        {
            if ((uint)rows[bit].Field != 1u << bit)
                throw new ArgumentException("sections out of order", nameof(rows));
            Fields |= rows[bit].Field;
        }

        _rows = rows;
    }

    /// <summary>The bits that have a row.</summary>
    public LogFields Fields { get; }

    /// <summary>The length of all sections that <paramref name="fields"/> names, the checksum included; other bits count nothing.</summary>
    public int LengthOf(LogFields fields)
    {
        int length = (fields & LogFields.Crc32) == 0 ? 0 : ChecksumLength;
        for (uint rest = (uint)(fields & Fields); rest != 0; rest &= rest - 1)
            length += _rows[BitOperations.TrailingZeroCount(rest)].Length;
        return length;
    }

    /// <summary>Writes the sections but the checksum; returns their length.</summary>
    public int Put(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = 0;
        for (uint rest = (uint)(fields & Fields); rest != 0; rest &= rest - 1)
        {
            ref readonly Section section = ref _rows[BitOperations.TrailingZeroCount(rest)];
            section.Put(in record, wire.Slice(at, section.Length));
            at += section.Length;
        }

        return at;
    }

    /// <summary>Reads the sections but the checksum; returns their length. The caller knows that they are there.</summary>
    public int Get(LogFields fields, ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        int at = 0;
        for (uint rest = (uint)(fields & Fields); rest != 0; rest &= rest - 1)
        {
            ref readonly Section section = ref _rows[BitOperations.TrailingZeroCount(rest)];
            section.Get(wire.Slice(at, section.Length), ref record);
            at += section.Length;
        }

        return at;
    }

    /// <summary>True if one of the four addresses is there twice.</summary>
    public static bool HasBothFamilies(LogFields fields)
    {
        const uint fours = (uint)(LogFields.AgentAddr4 | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4);
        return ((uint)fields & (uint)fields >> 1 & fours) != 0;
    }
}
