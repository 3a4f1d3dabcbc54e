using System;

namespace Flowd.Records;

/// <summary>
/// What a flow record holds: one bit a section of the log, the same bits as on disk (docs/architecture.md, "The log").
/// An address has two bits, one for each family; a record carries at most one of the two.
/// </summary>
[Flags]
public enum LogFields : uint
{
    None = 0,
    Tag = 1u << 0,
    RecvTime = 1u << 1,
    ProtoFlagsTos = 1u << 2,
    AgentAddr4 = 1u << 3,
    AgentAddr6 = 1u << 4,
    SrcAddr4 = 1u << 5,
    SrcAddr6 = 1u << 6,
    DstAddr4 = 1u << 7,
    DstAddr6 = 1u << 8,
    GatewayAddr4 = 1u << 9,
    GatewayAddr6 = 1u << 10,
    SrcDstPort = 1u << 11,
    Packets = 1u << 12,
    Octets = 1u << 13,
    IfIndices = 1u << 14,
    AgentInfo = 1u << 15,
    FlowTimes = 1u << 16,
    AsInfo = 1u << 17,
    FlowEngineInfo = 1u << 18,
    FlowTimesAbs = 1u << 19,
    Sampling = 1u << 20,
    Layer2 = 1u << 21,
    Status = 1u << 22,
    Nat = 1u << 23,
    Mpls = 1u << 24,
    Reverse = 1u << 25,
    Application = 1u << 26,
    Bgp = 1u << 27,
    Exporter = 1u << 28,
    Other = 1u << 29,
    Crc32 = 1u << 30,

    AgentAddr = AgentAddr4 | AgentAddr6,
    SrcAddr = SrcAddr4 | SrcAddr6,
    DstAddr = DstAddr4 | DstAddr6,
    SrcDstAddr = SrcAddr | DstAddr,
    GatewayAddr = GatewayAddr4 | GatewayAddr6,

    /// <summary>Everything that version 3.0 of the log can hold.</summary>
    All = ((1u << 19) - 1) | Crc32,

    /// <summary>What version 3.1 adds, but for elements that have no place of their own.</summary>
    Extended = FlowTimesAbs | Sampling | Layer2 | Status | Nat | Mpls | Reverse | Application | Bgp | Exporter,

    /// <summary>What a record of version 3.1 is needed for.</summary>
    Beyond30 = Extended | Other,

    /// <summary>Everything that version 3.1 of the log can hold.</summary>
    Everything = All | Beyond30,

    /// <summary>What flowd-reader prints without -v.</summary>
    Brief = Tag | RecvTime | ProtoFlagsTos | AgentAddr | SrcDstAddr | SrcDstPort | Packets | Octets,
}
