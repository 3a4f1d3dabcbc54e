using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Fixed;
using Flowd.Decode.NetFlow5;
using Flowd.Records;

namespace Flowd.Decode.NetFlow7;

/// <summary>NetFlow version 7 of Catalyst switches: version 5 without engine, with the bypassed router in each record.</summary>
internal static class NetFlow7Format
{
    public static readonly FixedFormat Format = new(
        Version: 7,
        HeaderLength: 24,
        RecordLengths: [52],
        MaxRecords: 28,
        Fields: LogFields.AsInfo | LogFields.FlowEngineInfo,
        ReadHeaderTail: static (header, ref blank) => blank.Sequence = ReadUInt32BigEndian(header[16..]),
        NetFlow5Format.ReadRecordTail,
        NetFlow5Format.TailPlaces)
    {
        AddressOffsets = [0, 4, 8, 48], // the last is the bypassed router
    };
}
