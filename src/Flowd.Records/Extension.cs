namespace Flowd.Records;

/// <summary>Where a sampling rate was learnt.</summary>
public enum SamplingSource : byte
{
    None = 0,

    /// <summary>The record itself says it.</summary>
    Record = 1,

    /// <summary>Options that the exporter sent.</summary>
    Options = 2,

    /// <summary>The header of the datagram.</summary>
    Header = 3,

    /// <summary>The configuration of flowd.</summary>
    Configuration = 4,
}

/// <summary>
/// LogFields.Sampling: one of <see cref="Rate"/> packets was looked at; 0 is unknown. Counters in records are never scaled by it. Algorithm: as
/// selectorAlgorithm has it (IANA psamp-parameters), or samplingAlgorithm where that is all there is.
/// </summary>
public record struct Sampling(uint Rate, byte Algorithm, SamplingSource Source, ushort Selector);

/// <summary>LogFields.Layer2. MAC addresses in the low 48 bits. VLAN identifiers without priority bits; 0 is none.</summary>
public record struct Layer2
{
    public ulong SourceMac;
    public ulong DestinationMac;
    public ushort Vlan;
    public ushort PostVlan;
    public ushort CustomerVlan;
    public ushort PostCustomerVlan;
    public ushort EtherType;
}

/// <summary>LogFields.Status: numbers as IANA's registries for IPFIX have them.</summary>
public record struct FlowStatus
{
    public byte IpVersion;

    /// <summary>0 is ingress, 1 egress (flowDirection).</summary>
    public byte Direction;
    public byte EndReason;
    public byte ForwardingStatus;
    public byte IcmpType;
    public byte IcmpCode;
    public byte MinimumTtl;
    public byte MaximumTtl;

    /// <summary>All 16 bits (RFC 7125); those of LogFields.ProtoFlagsTos are the low 8.</summary>
    public ushort TcpFlags;
    public byte FragmentFlags;

    /// <summary>Type and code as NetFlow has them in the place of a port: the type in the high octet.</summary>
    public void SetIcmp(ushort typeAndCode) => (IcmpType, IcmpCode) = ((byte)(typeAndCode >> 8), (byte)(typeAndCode & 0xFF));
}

/// <summary>LogFields.Nat: the flow behind a translator, and what happened there (natEvent).</summary>
public record struct Translation
{
    public Address PostSource;
    public Address PostDestination;
    public ushort PostSourcePort;
    public ushort PostDestinationPort;
    public byte Event;
}

/// <summary>LogFields.Bgp.</summary>
public record struct BgpPath
{
    public Address NextHop;
    public uint NextAdjacentAs;
    public uint PreviousAdjacentAs;
}

/// <summary>LogFields.Exporter: who made the record, where a mediator sent it on (RFC 5655, originalExporter), and where it was seen.</summary>
public record struct FlowOrigin
{
    public Address Exporter;
    public uint ObservationDomain;
    public uint VrfIn;
    public uint VrfOut;
}
