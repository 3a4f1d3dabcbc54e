using System;

namespace Flowd.Records;

/// <summary>LogFields.Mpls: label stack entries, each as on the wire with label, experimental bits, bottom of stack and TTL; the top first, 0 where there is none.</summary>
public record struct MplsLabels
{
    public const int Length = 10;

    private const int LabelShift = 12;
    private const int ExperimentalShift = 9;
    private const int EntryBits = 32;

    // Two entries each, the first of them in the high half.
    private ulong _first, _second, _third, _fourth, _fifth;

    /// <summary>An entry, from 0 to <see cref="Length"/> - 1.</summary>
    public uint this[int index]
    {
        readonly get => (uint)(Pair(index) >> ShiftOf(index) & uint.MaxValue);
        set
        {
            ulong pair = Pair(index) & ~((ulong)uint.MaxValue << ShiftOf(index)) | (ulong)value << ShiftOf(index);
            switch (index / 2)
            {
                case 0: _first = pair; break;
                case 1: _second = pair; break;
                case 2: _third = pair; break;
                case 3: _fourth = pair; break;
                default: _fifth = pair; break;
            }
        }
    }

    /// <summary>The 20 bits of an entry that are its label.</summary>
    public static uint LabelOf(uint entry) => entry >> LabelShift;

    /// <summary>The 3 bits that are its traffic class, once "experimental".</summary>
    public static uint ExperimentalOf(uint entry) => entry >> ExperimentalShift & 7;

    private static int ShiftOf(int index) => index % 2 == 0 ? EntryBits : 0;

    private readonly ulong Pair(int index) => (index / 2) switch
    {
        0 => _first,
        1 => _second,
        2 => _third,
        3 => _fourth,
        4 => _fifth,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };
}
