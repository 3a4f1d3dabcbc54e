using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// Reads the sections of 3.0 without a call for each: a reader does this for millions of records, of which nearly all have the same sections, so that
/// the processor foresees every branch. <see cref="LogSections"/> says what is right; a test holds the two against each other.
/// </summary>
internal static class SectionReader
{
    /// <param name="fields">The sections to read, which are there.</param>
    /// <param name="offsets">Where in the record each stands, by the number of its bit.</param>
    /// <param name="wire">The record.</param>
    /// <param name="record">Gets them.</param>
    public static void Get(LogFields fields, ReadOnlySpan<ushort> offsets, ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        offsets = offsets[..32];
        GetHead(fields, offsets, wire, ref record);
        if ((fields & LogFields.AgentAddr) != 0)
            GetAddress((fields & LogFields.AgentAddr4) != 0, offsets[3], offsets[4], wire, out record.AgentAddress);
        if ((fields & LogFields.SrcAddr) != 0)
            GetAddress((fields & LogFields.SrcAddr4) != 0, offsets[5], offsets[6], wire, out record.SourceAddress);
        if ((fields & LogFields.DstAddr) != 0)
            GetAddress((fields & LogFields.DstAddr4) != 0, offsets[7], offsets[8], wire, out record.DestinationAddress);
        if ((fields & LogFields.GatewayAddr) != 0)
            GetAddress((fields & LogFields.GatewayAddr4) != 0, offsets[9], offsets[10], wire, out record.GatewayAddress);
        GetCounters(fields, offsets, wire, ref record);
        if ((fields & (LogFields.AgentInfo | LogFields.FlowTimes | LogFields.AsInfo | LogFields.FlowEngineInfo)) != 0)
            GetTail(fields, offsets, wire, ref record);
    }

    private static void GetHead(LogFields fields, ReadOnlySpan<ushort> offsets, ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        if ((fields & LogFields.Tag) != 0)
            record.Tag = ReadUInt32BigEndian(wire[offsets[0]..]);
        if ((fields & LogFields.RecvTime) != 0)
            (record.ReceivedSeconds, record.ReceivedMicroseconds) = Pair(ReadUInt64BigEndian(wire[offsets[1]..]));
        if ((fields & LogFields.ProtoFlagsTos) == 0)
            return;
        uint protocol = ReadUInt32BigEndian(wire[offsets[2]..]);
        record.TcpFlags = (byte)(protocol >> 24);
        record.Protocol = (byte)(protocol >> 16 & 0xFF);
        record.TypeOfService = (byte)(protocol >> 8 & 0xFF);
    }

    private static void GetAddress(bool isIPv4, int offset4, int offset6, ReadOnlySpan<byte> wire, out Address address)
        => address = isIPv4 ? Address.FromIPv4(ReadUInt32BigEndian(wire[offset4..])) : Address.FromIPv6(wire.Slice(offset6, 16));

    private static void GetCounters(LogFields fields, ReadOnlySpan<ushort> offsets, ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        if ((fields & LogFields.SrcDstPort) != 0)
        {
            uint ports = ReadUInt32BigEndian(wire[offsets[11]..]);
            record.SourcePort = (ushort)(ports >> 16);
            record.DestinationPort = (ushort)(ports & 0xFFFF);
        }

        if ((fields & LogFields.Packets) != 0)
            record.Packets = ReadUInt64BigEndian(wire[offsets[12]..]);
        if ((fields & LogFields.Octets) != 0)
            record.Octets = ReadUInt64BigEndian(wire[offsets[13]..]);
        if ((fields & LogFields.IfIndices) != 0)
            (record.InputInterface, record.OutputInterface) = Pair(ReadUInt64BigEndian(wire[offsets[14]..]));
    }

    private static void GetTail(LogFields fields, ReadOnlySpan<ushort> offsets, ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        if ((fields & LogFields.AgentInfo) != 0)
        {
            ReadOnlySpan<byte> info = wire.Slice(offsets[15], 16);
            (record.SystemUptime, record.ExportSeconds) = Pair(ReadUInt64BigEndian(info));
            record.ExportNanoseconds = ReadUInt32BigEndian(info[8..]);
            record.Version = ReadUInt16BigEndian(info[12..]);
        }

        if ((fields & LogFields.FlowTimes) != 0)
            (record.FlowStart, record.FlowFinish) = Pair(ReadUInt64BigEndian(wire[offsets[16]..]));
        if ((fields & LogFields.AsInfo) != 0)
        {
            ReadOnlySpan<byte> info = wire.Slice(offsets[17], 12);
            (record.SourceAs, record.DestinationAs) = Pair(ReadUInt64BigEndian(info));
            record.SourceMask = info[8];
            record.DestinationMask = info[9];
        }

        if ((fields & LogFields.FlowEngineInfo) == 0)
            return;
        ReadOnlySpan<byte> engine = wire.Slice(offsets[18], 12);
        record.EngineType = ReadUInt16BigEndian(engine);
        record.EngineId = ReadUInt16BigEndian(engine[2..]);
        (record.Sequence, record.SourceId) = Pair(ReadUInt64BigEndian(engine[4..]));
    }

    private static (uint First, uint Second) Pair(ulong two) => ((uint)(two >> 32), (uint)(two & uint.MaxValue));
}
