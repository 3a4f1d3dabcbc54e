using System;
using Flowd.Decode.Fixed;
using Flowd.Records;

namespace Flowd.Decode.NetFlow1;

/// <summary>NetFlow version 1: a header of 16 octets and 1 to 24 records.</summary>
internal static class NetFlow1Format
{
    // Exporters send records of 48 octets (softflowd, fprobe), and so do flowd's own tests. Tables of the format that end in four
    // more reserved octets are in circulation too, hence 52; only the stride differs, and the length of the datagram tells which.
    public static readonly FixedFormat Format = new(
        Version: 1,
        HeaderLength: 16,
        RecordLengths: [48, 52],
        MaxRecords: 24,
        Fields: LogFields.None,
        ReadHeaderTail: static (_, ref _) => { },
        ReadRecordTail,
        TailPlaces: [new(RecordValue.Protocol, 38, 1), new(RecordValue.TypeOfService, 39, 1), new(RecordValue.TcpFlags, 40, 1)]);

    /*
        36  pad      38  protocol 39  tos      40  flags    41  pad      44  reserved
    */
    private static void ReadRecordTail(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.Protocol = wire[38];
        record.TypeOfService = wire[39];
        record.TcpFlags = wire[40];
    }
}
