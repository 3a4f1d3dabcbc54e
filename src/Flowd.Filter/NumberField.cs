namespace Flowd.Filter;

/// <summary>The numbers of a flow that rules ask for; <see cref="NumberFields"/> says how each is written and where it comes from.</summary>
public enum NumberField : byte
{
    InputInterface,
    OutputInterface,
    SourcePort,
    DestinationPort,
    SourceAs,
    DestinationAs,
    SourceMask,
    DestinationMask,
    Protocol,
    TypeOfService,
    Packets,
    Octets,

    /// <summary>From the first packet to the last, in whole milliseconds.</summary>
    Duration,

    /// <summary>Per second of the duration, rounded down. What lasted no time has none.</summary>
    BitRate,
    PacketRate,

    /// <summary>The version word of the datagram, as in the record.</summary>
    Version,

    /// <summary>The sampling rate; 0 if it is unknown.</summary>
    Sampling,

    /// <summary>0 ingress, 1 egress.</summary>
    Direction,

    /// <summary>Any VLAN of the flow, before or behind the router, the provider's or the customer's.</summary>
    Vlan,

    /// <summary>The source's or the destination's, in the low 48 bits.</summary>
    Mac,

    /// <summary>Any label of the stack.</summary>
    MplsLabel,

    /// <summary>The engine in the highest octet (RFC 6759).</summary>
    Application,
    IcmpType,
    IcmpCode,
    NatSourcePort,
    NatDestinationPort,
}

/// <summary>The addresses of a flow that rules ask for.</summary>
public enum AddressField : byte
{
    Agent,
    Source,
    Destination,
    NextHop,
    BgpNextHop,
    NatSource,
    NatDestination,
}
