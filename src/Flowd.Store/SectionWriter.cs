using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// Writes sections without a call for each: the daemon does this once a record, and it takes a fraction of the time that walking
/// <see cref="LogSections"/> takes. Where all sections of a part are there, as a rule, each has its fixed place. The table says what is right; a test
/// holds the two against each other.
/// </summary>
internal static class SectionWriter
{
    private const LogFields Addresses = LogFields.AgentAddr | LogFields.SrcDstAddr | LogFields.GatewayAddr;
    private const LogFields AllOfIPv4 = LogFields.AgentAddr4 | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4;
    private const LogFields Counters = LogFields.SrcDstPort | LogFields.Packets | LogFields.Octets | LogFields.IfIndices;
    private const LogFields Tail = LogFields.AgentInfo | LogFields.FlowTimes | LogFields.AsInfo | LogFields.FlowEngineInfo;

    private const int LengthOfIPv4 = 16;
    private const int LengthOfCounters = 28;
    private const int LengthOfTail = 48;

    /// <summary>Writes the sections but the checksum; returns their length.</summary>
    public static int Put(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = PutHead(fields, in record, wire);
        if ((fields & Addresses) == AllOfIPv4)
            at += PutIPv4(in record, wire.Slice(at, LengthOfIPv4));
        else if ((fields & Addresses) != 0)
            at += PutAddresses(fields, in record, wire[at..]);
        at += (fields & Counters) == Counters ? PutAllCounters(in record, wire.Slice(at, LengthOfCounters)) : PutCounters(fields, in record, wire[at..]);
        return at + ((fields & Tail) == Tail ? PutAllOfTail(in record, wire.Slice(at, LengthOfTail)) : PutTail(fields, in record, wire[at..]));
    }

    private static int PutIPv4(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt64BigEndian(wire, record.AgentAddress.Low << 32 | record.SourceAddress.Low);
        WriteUInt64BigEndian(wire[8..], record.DestinationAddress.Low << 32 | record.GatewayAddress.Low);
        return LengthOfIPv4;
    }

    private static int PutAllCounters(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt64BigEndian(wire[20..], Pair(record.InputInterface, record.OutputInterface));
        WriteUInt32BigEndian(wire, (uint)record.SourcePort << 16 | record.DestinationPort);
        WriteUInt64BigEndian(wire[4..], record.Packets);
        WriteUInt64BigEndian(wire[12..], record.Octets);
        return LengthOfCounters;
    }

    private static int PutAllOfTail(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt64BigEndian(wire[40..], Pair(record.Sequence, record.SourceId));
        WriteUInt64BigEndian(wire, Pair(record.SystemUptime, record.ExportSeconds));
        WriteUInt64BigEndian(wire[8..], Pair(record.ExportNanoseconds, (uint)record.Version << 16));
        WriteUInt64BigEndian(wire[16..], Pair(record.FlowStart, record.FlowFinish));
        WriteUInt64BigEndian(wire[24..], Pair(record.SourceAs, record.DestinationAs));
        WriteUInt64BigEndian(wire[32..], Pair((uint)record.SourceMask << 24 | (uint)record.DestinationMask << 16, (uint)record.EngineType << 16 | record.EngineId));
        return LengthOfTail;
    }

    private static int PutHead(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = 0;
        if ((fields & LogFields.Tag) != 0)
        {
            WriteUInt32BigEndian(wire, record.Tag);
            at += 4;
        }

        if ((fields & LogFields.RecvTime) != 0)
        {
            WriteUInt64BigEndian(wire[at..], Pair(record.ReceivedSeconds, record.ReceivedMicroseconds));
            at += 8;
        }

        if ((fields & LogFields.ProtoFlagsTos) != 0)
        {
            WriteUInt32BigEndian(wire[at..], (uint)record.TcpFlags << 24 | (uint)record.Protocol << 16 | (uint)record.TypeOfService << 8);
            at += 4;
        }

        return at;
    }

    // Of the two bits of an address at most one is set, the one of its family.
    private static int PutAddresses(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = 0;
        if ((fields & LogFields.AgentAddr) != 0)
            at += record.AgentAddress.Write(wire);
        if ((fields & LogFields.SrcAddr) != 0)
            at += record.SourceAddress.Write(wire[at..]);
        if ((fields & LogFields.DstAddr) != 0)
            at += record.DestinationAddress.Write(wire[at..]);
        if ((fields & LogFields.GatewayAddr) != 0)
            at += record.GatewayAddress.Write(wire[at..]);
        return at;
    }

    private static int PutCounters(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = 0;
        if ((fields & LogFields.SrcDstPort) != 0)
        {
            WriteUInt32BigEndian(wire, (uint)record.SourcePort << 16 | record.DestinationPort);
            at += 4;
        }

        if ((fields & LogFields.Packets) != 0)
        {
            WriteUInt64BigEndian(wire[at..], record.Packets);
            at += 8;
        }

        if ((fields & LogFields.Octets) != 0)
        {
            WriteUInt64BigEndian(wire[at..], record.Octets);
            at += 8;
        }

        if ((fields & LogFields.IfIndices) != 0)
        {
            WriteUInt64BigEndian(wire[at..], Pair(record.InputInterface, record.OutputInterface));
            at += 8;
        }

        return at;
    }

    private static int PutTail(LogFields fields, in FlowRecord record, Span<byte> wire)
    {
        int at = 0;
        if ((fields & LogFields.AgentInfo) != 0)
        {
            WriteUInt64BigEndian(wire, Pair(record.SystemUptime, record.ExportSeconds));
            WriteUInt64BigEndian(wire[8..], Pair(record.ExportNanoseconds, (uint)record.Version << 16));
            at += 16;
        }

        if ((fields & LogFields.FlowTimes) != 0)
        {
            WriteUInt64BigEndian(wire[at..], Pair(record.FlowStart, record.FlowFinish));
            at += 8;
        }

        if ((fields & LogFields.AsInfo) != 0)
        {
            WriteUInt64BigEndian(wire[at..], Pair(record.SourceAs, record.DestinationAs));
            WriteUInt32BigEndian(wire[(at + 8)..], (uint)record.SourceMask << 24 | (uint)record.DestinationMask << 16);
            at += 12;
        }

        if ((fields & LogFields.FlowEngineInfo) != 0)
        {
            WriteUInt64BigEndian(wire[at..], Pair((uint)record.EngineType << 16 | record.EngineId, record.Sequence));
            WriteUInt32BigEndian(wire[(at + 8)..], record.SourceId);
            at += 12;
        }

        return at;
    }

    private static ulong Pair(uint first, uint second) => (ulong)first << 32 | second;
}
