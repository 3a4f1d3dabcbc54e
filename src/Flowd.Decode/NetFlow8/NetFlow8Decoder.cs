using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode.NetFlow8;

/// <summary>NetFlow version 8: flows that the router has added up. All the announced records or none, as in the other fixed formats.</summary>
/*
     0  version       2  count       4  sys_uptime (ms)   8  unix_secs   12  unix_nsecs   16  flow_sequence   20  engine_type   21  engine_id
    22  aggregation  23  its version   24  reserved
*/
internal sealed class NetFlow8Decoder : MessageDecoder
{
    private const ushort Version = 8;
    private const int HeaderLength = 28;
    private const LogFields CommonFields = LogFields.Packets | LogFields.Octets | LogFields.FlowTimes | LogFields.FlowEngineInfo;

    public override void Decode(ReadOnlySpan<byte> datagram, DecodeContext context)
    {
        context.Layout.MarkUnreadable(); // few have it, and fewer forward it to strangers
        var reader = new WireReader(datagram);
        if (!reader.TryTake(HeaderLength, out ReadOnlySpan<byte> wire))
        {
            context.Report(DecodeError.Truncated);
            return;
        }

        byte number = wire[22];
        int count = ReadUInt16BigEndian(wire[2..]);
        if (count == 0 || NetFlow8Table.Find(number) is not { } aggregation)
        {
            context.Report(count == 0 ? DecodeError.BadCount : DecodeError.UnknownVersion);
            return;
        }

        var header = new MessageHeader(
            Version,
            Announced: (ushort)count,
            SystemUptime: ReadUInt32BigEndian(wire[4..]),
            ExportSeconds: ReadUInt32BigEndian(wire[8..]),
            ExportNanoseconds: ReadUInt32BigEndian(wire[12..]),
            Sequence: ReadUInt32BigEndian(wire[16..]));
        context.Admit(Version);
        context.BeginMessage(header);
        ref FlowRecord blank = ref context.Blank;
        blank.Fields |= CommonFields | aggregation.Fields;
        blank.EngineType = wire[20];
        blank.EngineId = wire[21];
        context.EnterStream((uint)number << 16 | (uint)wire[20] << 8 | wire[21]); // each aggregation numbers its own
        Decode(ref reader, aggregation, in header, context);
        context.LeaveStream(datagram.Length, units: header.Announced, flows: header.Announced);
    }

    private static void Decode(ref WireReader reader, NetFlow8Aggregation aggregation, in MessageHeader header, DecodeContext context)
    {
        int octets = header.Announced * aggregation.RecordLength;
        if (reader.Remaining < octets)
        {
            context.Report(DecodeError.LengthMismatch);
            return;
        }

        if (reader.Remaining > octets)
            context.Report(DecodeError.TrailingOctets);
        var clock = new AgentClock(header.SystemUptime, header.ExportSeconds * EpochTime.Second + header.ExportNanoseconds);
        for (int i = 0; i < header.Announced && reader.TryTake(aggregation.RecordLength, out ReadOnlySpan<byte> wire); i++)
        {
            if (!context.TryReserve())
                return;
            ref FlowRecord record = ref context.AddRecord();
            foreach (ref readonly NetFlow8Field field in aggregation.Layout.AsSpan())
                field.Set(ref record, wire.Slice(field.Offset, field.Length));
            FlowTimes.Set(ref record, clock.At(record.FlowStart), clock.At(record.FlowFinish));
            context.CheckTimes(in record);
        }
    }
}
