namespace Flowd.Decode.Sets;

/// <summary>
/// What elements can fill. Several elements may fill one field; a template uses one of them. Those that <see cref="RecordDraft"/> asks for come first, so that
/// they fit into one word of a <see cref="FieldSet"/>.
/// </summary>
internal enum FlowField : byte
{
    Octets,
    Packets,
    Protocol,
    TypeOfService,
    TcpFlags,
    SourcePort,
    DestinationPort,
    SourceIPv4,
    DestinationIPv4,
    NextHopIPv4,
    SourceIPv6,
    DestinationIPv6,
    NextHopIPv6,
    SourceMaskIPv4,
    DestinationMaskIPv4,
    SourceMaskIPv6,
    DestinationMaskIPv6,
    InputInterface,
    OutputInterface,
    SourceAs,
    DestinationAs,
    FlowStart,
    FlowFinish,
    EngineType,
    EngineId,
    IpVersion,

    /// <summary>The beginning of a packet that was sampled.</summary>
    Frame,

    /// <summary>Times since 1970, those that the time of export is known from, and how long it took.</summary>
    FlowStartAbsolute,
    FlowFinishAbsolute,
    FlowStartDelta,
    FlowFinishDelta,
    FlowDuration,
    EventTime,

    /// <summary>When the agent booted, since 1970.</summary>
    SystemInitTime,

    IcmpTypeCode,
    IcmpType,
    IcmpCode,

    SourceMac,
    DestinationMac,
    Vlan,
    PostVlan,
    CustomerVlan,
    PostCustomerVlan,
    EtherType,
    Direction,
    EndReason,
    ForwardingStatus,
    MinimumTtl,
    MaximumTtl,
    FragmentFlags,
    PostSourceIPv4,
    PostSourceIPv6,
    PostDestinationIPv4,
    PostDestinationIPv6,
    PostSourcePort,
    PostDestinationPort,
    NatEvent,
    MplsLabel1,
    MplsLabel2,
    MplsLabel3,
    MplsLabel4,
    MplsLabel5,
    MplsLabel6,
    MplsLabel7,
    MplsLabel8,
    MplsLabel9,
    MplsLabel10,
    ReverseOctets,
    ReversePackets,
    Application,
    BgpNextHopIPv4,
    BgpNextHopIPv6,
    NextAdjacentAs,
    PreviousAdjacentAs,
    OriginalExporterIPv4,
    OriginalExporterIPv6,
    OriginalDomain,
    VrfIn,
    VrfOut,

    /// <summary>How many there are.</summary>
    Count,
}
