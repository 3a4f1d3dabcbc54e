using System;

namespace Flowd.Decode.Sets;

/// <summary>What elements can fill. Several elements may fill one field; a template uses one of them.</summary>
[Flags]
internal enum FlowField : uint
{
    None = 0,
    Octets = 1u << 0,
    Packets = 1u << 1,
    Protocol = 1u << 2,
    TypeOfService = 1u << 3,
    TcpFlags = 1u << 4,
    SourcePort = 1u << 5,
    DestinationPort = 1u << 6,
    SourceIPv4 = 1u << 7,
    DestinationIPv4 = 1u << 8,
    NextHopIPv4 = 1u << 9,
    SourceIPv6 = 1u << 10,
    DestinationIPv6 = 1u << 11,
    NextHopIPv6 = 1u << 12,
    SourceMaskIPv4 = 1u << 13,
    DestinationMaskIPv4 = 1u << 14,
    SourceMaskIPv6 = 1u << 15,
    DestinationMaskIPv6 = 1u << 16,
    InputInterface = 1u << 17,
    OutputInterface = 1u << 18,
    SourceAs = 1u << 19,
    DestinationAs = 1u << 20,
    FlowStart = 1u << 21,
    FlowFinish = 1u << 22,
    EngineType = 1u << 23,
    EngineId = 1u << 24,

    /// <summary>Not stored: which of two address families counts.</summary>
    IpVersion = 1u << 25,

    /// <summary>Times since 1970; stored only as far as they can be told as uptime.</summary>
    FlowStartAbsolute = 1u << 26,
    FlowFinishAbsolute = 1u << 27,

    /// <summary>When the agent booted, since 1970.</summary>
    SystemInitTime = 1u << 28,

    AddressesIPv4 = SourceIPv4 | DestinationIPv4,
    AddressesIPv6 = SourceIPv6 | DestinationIPv6,
    Addresses = AddressesIPv4 | AddressesIPv6,
    UptimeTimes = FlowStart | FlowFinish,
    AbsoluteTimes = FlowStartAbsolute | FlowFinishAbsolute,

    /// <summary>A record with none but these tells nothing about a flow.</summary>
    Auxiliary = EngineType | EngineId | IpVersion | AbsoluteTimes | SystemInitTime,
}
