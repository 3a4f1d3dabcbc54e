using System;
using static System.Buffers.Binary.BinaryPrimitives;
using Flowd.Decode.Packets;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode.Fixed;

/// <summary>
/// The formats without templates: a header that announces a number of records of one length. All the announced records or none:
/// a datagram that was cut on its way tells us nothing about where.
/// </summary>
internal sealed class FixedDecoder(FixedFormat format) : MessageDecoder
{
    private const LogFields CommonFields = LogFields.ProtoFlagsTos | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4
        | LogFields.SrcDstPort | LogFields.Packets | LogFields.Octets | LogFields.IfIndices | LogFields.FlowTimes;

    public override void Decode(ReadOnlySpan<byte> datagram, DecodeContext context)
    {
        var reader = new WireReader(datagram);
        if (!reader.TryTake(format.HeaderLength, out ReadOnlySpan<byte> wire))
        {
            context.Report(DecodeError.Truncated);
            return;
        }

        MessageHeader header = ReadHeader(wire);
        int count = header.Announced;
        if (count == 0 || count > format.MaxRecords)
        {
            context.Report(DecodeError.BadCount);
            return;
        }

        context.Admit(format.Version);
        context.BeginMessage(header);
        context.Blank.Fields |= CommonFields | format.Fields;
        format.ReadHeaderTail(wire, ref context.Blank);
        ExportStream stream = context.EnterStream((uint)context.Blank.EngineType << 8 | context.Blank.EngineId);
        if (format.SamplingOffset is { } offset)
            stream.SetRate(SamplingRate.FromNetFlow5(ReadUInt16BigEndian(wire[offset..])));
        SetSampling(stream, context);
        DecodeRecords(ref reader, count, new AgentClock(header.SystemUptime, header.ExportSeconds * EpochTime.Second + header.ExportNanoseconds), context);
        context.LeaveStream(datagram.Length, units: header.Announced, flows: header.Announced);
    }

    // The header's rate is that of all records. A field of zero tells nothing: many exporters that sample leave it so.
    private static void SetSampling(ExportStream stream, DecodeContext context)
    {
        SamplingRate? header = stream.HeaderRate is var rate && rate != SamplingRate.Unsampled ? rate : null;
        Records.Sampling sampling = context.SamplingOf(stream.Key, header: header);
        if (sampling.Rate == 0)
            return;
        context.Blank.Sampling = sampling;
        context.Blank.Fields |= LogFields.Sampling;
    }

    private void DecodeRecords(ref WireReader reader, int count, AgentClock clock, DecodeContext context)
    {
        int length = format.RecordLength(reader.Remaining, count);
        if (reader.Remaining < count * length)
        {
            context.Report(DecodeError.LengthMismatch);
            return;
        }

        int tail = reader.Remaining - count * length;
        context.Layout.AddRecords(format.HeaderLength, count * length, format, length);
        if (tail > 0)
        {
            context.Layout.AddRest(format.HeaderLength + count * length, tail);
            context.Report(DecodeError.TrailingOctets);
        }

        if (context.LeavesOnWire)
            count -= LeaveOnWire(ref reader, count, length, context);
        for (int i = 0; i < count && reader.TryTake(length, out ReadOnlySpan<byte> wire); i++)
        {
            if (!context.TryReserve())
                return;
            ref FlowRecord record = ref context.AddRecord();
            ReadCommonPart(wire, ref record);
            format.ReadRecordTail(wire, ref record);
            FlowTimes.Set(ref record, clock.At(record.FlowStart), clock.At(record.FlowFinish));
            SetStatus(ref record);
            context.CheckTimes(in record);
        }
    }

    // The times of these formats are never odd: an uptime of 32 bits is always near its header's. Returns how many.
    private int LeaveOnWire(ref WireReader reader, int count, int length, DecodeContext context)
    {
        int left = context.LeaveOnWire(format.LayoutOf(length), format.HeaderLength, count);
        reader.TryTake(left * length, out _);
        return left;
    }

    // What the formats have no place for, but tell.
    private static void SetStatus(ref FlowRecord record)
    {
        record.Fields |= LogFields.Status;
        record.Status.IpVersion = 4;
        record.Status.TcpFlags = record.TcpFlags;
        if (record.Protocol == (byte)IpProtocol.Icmp)
            record.Status.SetIcmp(record.DestinationPort);
    }

    /*
         0  version   2  count   4  sys_uptime (ms)   8  unix_secs   12  unix_nsecs
    */
    private MessageHeader ReadHeader(ReadOnlySpan<byte> wire) => new(
        format.Version,
        Announced: ReadUInt16BigEndian(wire[2..]),
        SystemUptime: ReadUInt32BigEndian(wire[4..]),
        ExportSeconds: ReadUInt32BigEndian(wire[8..]),
        ExportNanoseconds: ReadUInt32BigEndian(wire[12..]));

    /*
         0  srcaddr   4  dstaddr   8  nexthop  12  input    14  output
        16  packets  20  octets   24  first    28  last     32  srcport  34  dstport
    */
    private static void ReadCommonPart(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.SourceAddress = Address.FromIPv4(ReadUInt32BigEndian(wire));
        record.DestinationAddress = Address.FromIPv4(ReadUInt32BigEndian(wire[4..]));
        record.GatewayAddress = Address.FromIPv4(ReadUInt32BigEndian(wire[8..]));
        record.InputInterface = ReadUInt16BigEndian(wire[12..]);
        record.OutputInterface = ReadUInt16BigEndian(wire[14..]);
        record.Packets = ReadUInt32BigEndian(wire[16..]);
        record.Octets = ReadUInt32BigEndian(wire[20..]);
        record.FlowStart = ReadUInt32BigEndian(wire[24..]);
        record.FlowFinish = ReadUInt32BigEndian(wire[28..]);
        record.SourcePort = ReadUInt16BigEndian(wire[32..]);
        record.DestinationPort = ReadUInt16BigEndian(wire[34..]);
    }
}
