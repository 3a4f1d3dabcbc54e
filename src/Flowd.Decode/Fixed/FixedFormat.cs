using System;
using System.Collections.Immutable;
using System.Linq;
using Flowd.Records;

namespace Flowd.Decode.Fixed;

/// <summary>Reads what a version puts behind the common part of the header.</summary>
internal delegate void HeaderTailReader(ReadOnlySpan<byte> header, ref FlowRecord blank);

/// <summary>Reads what a version puts behind the common part of a record.</summary>
internal delegate void RecordTailReader(ReadOnlySpan<byte> wire, ref FlowRecord record);

/// <summary>
/// How NetFlow v1, v5 and v7 differ. The first 16 octets of the header and the first 36 of a record are the same in all three.
/// RecordLengths: the lengths that a record may have, in octets, the usual one first. Fields: what the tails add to the common fields.
/// TailPlaces: where <paramref name="ReadRecordTail"/> finds what it reads.
/// </summary>
internal sealed record FixedFormat(
    ushort Version,
    int HeaderLength,
    ImmutableArray<int> RecordLengths,
    int MaxRecords,
    LogFields Fields,
    HeaderTailReader ReadHeaderTail,
    RecordTailReader ReadRecordTail,
    ImmutableArray<WirePlace> TailPlaces)
{
    /// <summary>Where all three have what the first 36 octets of a record say.</summary>
    private static readonly ImmutableArray<WirePlace> CommonPlaces =
    [
        new(RecordValue.SourceAddress, 0, 4), new(RecordValue.DestinationAddress, 4, 4), new(RecordValue.GatewayAddress, 8, 4),
        new(RecordValue.InputInterface, 12, 2), new(RecordValue.OutputInterface, 14, 2), new(RecordValue.Packets, 16, 4), new(RecordValue.Octets, 20, 4),
        new(RecordValue.FlowStart, 24, 4), new(RecordValue.FlowFinish, 28, 4), new(RecordValue.SourcePort, 32, 2), new(RecordValue.DestinationPort, 34, 2),
    ];

    /// <summary>For each of <see cref="RecordLengths"/>, how records can stay on the wire.</summary>
    private readonly ImmutableArray<WireLayout> _layouts = [.. RecordLengths.Select(length => new WireLayout(LogFields.None, length, [.. CommonPlaces, .. TailPlaces]))];

    public WireLayout LayoutOf(int recordLength) => _layouts[RecordLengths.IndexOf(recordLength)];

    /// <summary>Where in the header the sampling field of v5 stands; null for versions that cannot say at what rate they sample.</summary>
    public int? SamplingOffset { get; init; }

    /// <summary>Where in a record addresses stand: source, destination and next hop, and what else a version has.</summary>
    public ImmutableArray<int> AddressOffsets { get; init; } = [0, 4, 8];

    /// <summary>The length of each of <paramref name="count"/> records: one that fits exactly, else the usual.</summary>
    public int RecordLength(int available, int count)
    {
        foreach (int length in RecordLengths)
        {
            if (available == count * length)
                return length;
        }

        return RecordLengths[0];
    }
}
