using System;
using System.Collections.Immutable;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Fixed;
using Flowd.Records;

namespace Flowd.Decode.NetFlow5;

/// <summary>NetFlow version 5: a header of 24 octets and 1 to 30 records of 48.</summary>
internal static class NetFlow5Format
{
    /// <summary>The tail of a record, which version 7 has in the same places.</summary>
    public static readonly ImmutableArray<WirePlace> TailPlaces =
    [
        new(RecordValue.TcpFlags, 37, 1), new(RecordValue.Protocol, 38, 1), new(RecordValue.TypeOfService, 39, 1),
        new(RecordValue.SourceAs, 40, 2), new(RecordValue.DestinationAs, 42, 2), new(RecordValue.SourceMask, 44, 1), new(RecordValue.DestinationMask, 45, 1),
    ];

    public static readonly FixedFormat Format = new(
        Version: 5,
        HeaderLength: 24,
        RecordLengths: [48],
        MaxRecords: 30,
        Fields: LogFields.AsInfo | LogFields.FlowEngineInfo,
        ReadHeaderTail,
        ReadRecordTail,
        TailPlaces)
    {
        SamplingOffset = 22,
    };

    /*
        16  flow_sequence   20  engine_type   21  engine_id   22  sampling
    */
    private static void ReadHeaderTail(ReadOnlySpan<byte> header, ref FlowRecord blank)
    {
        blank.Sequence = ReadUInt32BigEndian(header[16..]);
        blank.EngineType = header[20];
        blank.EngineId = header[21];
    }

    /*
        36  pad (v7: flags)   37  tcp_flags   38  protocol   39  tos
        40  src_as            42  dst_as      44  src_mask   45  dst_mask   46  pad (v7: flags)   48  (v7: router_sc)
    */
    /// <summary>The tail of a record, which version 7 has in the same places.</summary>
    public static void ReadRecordTail(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.TcpFlags = wire[37];
        record.Protocol = wire[38];
        record.TypeOfService = wire[39];
        record.SourceAs = ReadUInt16BigEndian(wire[40..]);
        record.DestinationAs = ReadUInt16BigEndian(wire[42..]);
        record.SourceMask = wire[44];
        record.DestinationMask = wire[45];
    }
}
