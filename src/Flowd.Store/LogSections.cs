using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// The fixed sections of a version 3 record: bits 0 to 18 are those of 3.0, the others of 3.1. Reader and length walk this one table, and the writer of
/// 3.0 is held against it.
/// </summary>
internal static partial class LogSections
{
    /// <summary>One row a bit, in the order of the bits.</summary>
    public static readonly Section[] Rows =
    [
        new(LogFields.Tag, 4,
            static (in FlowRecord r, Span<byte> w) => WriteUInt32BigEndian(w, r.Tag),
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.Tag = ReadUInt32BigEndian(w)),
        new(LogFields.RecvTime, 8, PutReceiveTime, GetReceiveTime),
        new(LogFields.ProtoFlagsTos, 4, PutProtocol, GetProtocol),
        new(LogFields.AgentAddr4, 4, PutAgent,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.AgentAddress = IPv4(w)),
        new(LogFields.AgentAddr6, 16, PutAgent,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.AgentAddress = Address.FromIPv6(w)),
        new(LogFields.SrcAddr4, 4, PutSource,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.SourceAddress = IPv4(w)),
        new(LogFields.SrcAddr6, 16, PutSource,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.SourceAddress = Address.FromIPv6(w)),
        new(LogFields.DstAddr4, 4, PutDestination,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.DestinationAddress = IPv4(w)),
        new(LogFields.DstAddr6, 16, PutDestination,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.DestinationAddress = Address.FromIPv6(w)),
        new(LogFields.GatewayAddr4, 4, PutGateway,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.GatewayAddress = IPv4(w)),
        new(LogFields.GatewayAddr6, 16, PutGateway,
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.GatewayAddress = Address.FromIPv6(w)),
        new(LogFields.SrcDstPort, 4, PutPorts, GetPorts),
        new(LogFields.Packets, 8,
            static (in FlowRecord r, Span<byte> w) => WriteUInt64BigEndian(w, r.Packets),
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.Packets = ReadUInt64BigEndian(w)),
        new(LogFields.Octets, 8,
            static (in FlowRecord r, Span<byte> w) => WriteUInt64BigEndian(w, r.Octets),
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.Octets = ReadUInt64BigEndian(w)),
        new(LogFields.IfIndices, 8, PutInterfaces, GetInterfaces),
        new(LogFields.AgentInfo, 16, PutAgentInfo, GetAgentInfo),
        new(LogFields.FlowTimes, 8, PutFlowTimes, GetFlowTimes),
        new(LogFields.AsInfo, 12, PutAsInfo, GetAsInfo),
        new(LogFields.FlowEngineInfo, 12, PutEngineInfo, GetEngineInfo),
        new(LogFields.FlowTimesAbs, 16, PutAbsoluteTimes, GetAbsoluteTimes),
        new(LogFields.Sampling, 8, PutSampling, GetSampling),
        new(LogFields.Layer2, 24, PutLayer2, GetLayer2),
        new(LogFields.Status, 12, PutStatus, GetStatus),
        new(LogFields.Nat, 40, PutNat, GetNat),
        new(LogFields.Mpls, MplsLabels.Length * 4, PutMpls, GetMpls),
        new(LogFields.Reverse, 16, PutReverse, GetReverse),
        new(LogFields.Application, 8,
            static (in FlowRecord r, Span<byte> w) => WriteUInt64BigEndian(w, r.ApplicationId),
            static (ReadOnlySpan<byte> w, ref FlowRecord r) => r.ApplicationId = ReadUInt64BigEndian(w)),
        new(LogFields.Bgp, 24, PutBgp, GetBgp),
        new(LogFields.Exporter, 28, PutOrigin, GetOrigin),
    ];

    public static readonly SectionTable Table = new(Rows);

    private static Address IPv4(ReadOnlySpan<byte> wire) => Address.FromIPv4(ReadUInt32BigEndian(wire));

    private static void PutAgent(in FlowRecord record, Span<byte> wire) => record.AgentAddress.Write(wire);

    private static void PutSource(in FlowRecord record, Span<byte> wire) => record.SourceAddress.Write(wire);

    private static void PutDestination(in FlowRecord record, Span<byte> wire) => record.DestinationAddress.Write(wire);

    private static void PutGateway(in FlowRecord record, Span<byte> wire) => record.GatewayAddress.Write(wire);

    // 0 seconds  4 microseconds
    private static void PutReceiveTime(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.ReceivedSeconds);
        WriteUInt32BigEndian(wire[4..], record.ReceivedMicroseconds);
    }

    private static void GetReceiveTime(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.ReceivedSeconds = ReadUInt32BigEndian(wire);
        record.ReceivedMicroseconds = ReadUInt32BigEndian(wire[4..]);
    }

    // 0 tcp flags  1 protocol  2 tos  3 pad
    private static void PutProtocol(in FlowRecord record, Span<byte> wire)
    {
        wire[0] = record.TcpFlags;
        wire[1] = record.Protocol;
        wire[2] = record.TypeOfService;
        wire[3] = 0;
    }

    private static void GetProtocol(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.TcpFlags = wire[0];
        record.Protocol = wire[1];
        record.TypeOfService = wire[2];
    }

    // 0 source  2 destination
    private static void PutPorts(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt16BigEndian(wire, record.SourcePort);
        WriteUInt16BigEndian(wire[2..], record.DestinationPort);
    }

    private static void GetPorts(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.SourcePort = ReadUInt16BigEndian(wire);
        record.DestinationPort = ReadUInt16BigEndian(wire[2..]);
    }

    // 0 in  4 out
    private static void PutInterfaces(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.InputInterface);
        WriteUInt32BigEndian(wire[4..], record.OutputInterface);
    }

    private static void GetInterfaces(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.InputInterface = ReadUInt32BigEndian(wire);
        record.OutputInterface = ReadUInt32BigEndian(wire[4..]);
    }

    // 0 uptime in ms  4 seconds  8 nanoseconds  12 NetFlow version  14 pad
    private static void PutAgentInfo(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.SystemUptime);
        WriteUInt32BigEndian(wire[4..], record.ExportSeconds);
        WriteUInt32BigEndian(wire[8..], record.ExportNanoseconds);
        WriteUInt32BigEndian(wire[12..], (uint)record.Version << 16);
    }

    private static void GetAgentInfo(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.SystemUptime = ReadUInt32BigEndian(wire);
        record.ExportSeconds = ReadUInt32BigEndian(wire[4..]);
        record.ExportNanoseconds = ReadUInt32BigEndian(wire[8..]);
        record.Version = ReadUInt16BigEndian(wire[12..]);
    }

    // 0 start  4 finish
    private static void PutFlowTimes(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.FlowStart);
        WriteUInt32BigEndian(wire[4..], record.FlowFinish);
    }

    private static void GetFlowTimes(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.FlowStart = ReadUInt32BigEndian(wire);
        record.FlowFinish = ReadUInt32BigEndian(wire[4..]);
    }

    // 0 source AS  4 destination AS  8 source mask  9 destination mask  10 pad
    private static void PutAsInfo(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.SourceAs);
        WriteUInt32BigEndian(wire[4..], record.DestinationAs);
        WriteUInt32BigEndian(wire[8..], (uint)record.SourceMask << 24 | (uint)record.DestinationMask << 16);
    }

    private static void GetAsInfo(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.SourceAs = ReadUInt32BigEndian(wire);
        record.DestinationAs = ReadUInt32BigEndian(wire[4..]);
        record.SourceMask = wire[8];
        record.DestinationMask = wire[9];
    }

    // 0 engine type  2 engine id  4 sequence  8 source id
    private static void PutEngineInfo(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt16BigEndian(wire, record.EngineType);
        WriteUInt16BigEndian(wire[2..], record.EngineId);
        WriteUInt32BigEndian(wire[4..], record.Sequence);
        WriteUInt32BigEndian(wire[8..], record.SourceId);
    }

    private static void GetEngineInfo(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.EngineType = ReadUInt16BigEndian(wire);
        record.EngineId = ReadUInt16BigEndian(wire[2..]);
        record.Sequence = ReadUInt32BigEndian(wire[4..]);
        record.SourceId = ReadUInt32BigEndian(wire[8..]);
    }
}
