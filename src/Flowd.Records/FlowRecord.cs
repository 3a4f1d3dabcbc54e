namespace Flowd.Records;

/// <summary>
/// One flow, as exporters report it and the log stores it. <see cref="Fields"/> says which parts are set; a part that is not set is zero.
/// Numbers are in host byte order.
/// </summary>
public struct FlowRecord
{
    /// <summary>What is set. The family of an address decides which of its two bits is.</summary>
    public LogFields Fields;

    /// <summary>Given by the filter (LogFields.Tag).</summary>
    public uint Tag;

    /// <summary>When the datagram was received: seconds since 1970-01-01 UTC, and microseconds (LogFields.RecvTime).</summary>
    public uint ReceivedSeconds;
    public uint ReceivedMicroseconds;

    /// <summary>LogFields.ProtoFlagsTos.</summary>
    public byte TcpFlags;
    public byte Protocol;
    public byte TypeOfService;

    /// <summary>LogFields.AsInfo: lengths of the prefixes that the two addresses were routed by.</summary>
    public byte SourceMask;
    public byte DestinationMask;

    /// <summary>Who sent the datagram (LogFields.AgentAddr4 or 6).</summary>
    public Address AgentAddress;
    public Address SourceAddress;
    public Address DestinationAddress;

    /// <summary>The next hop (LogFields.GatewayAddr4 or 6).</summary>
    public Address GatewayAddress;

    /// <summary>LogFields.SrcDstPort.</summary>
    public ushort SourcePort;
    public ushort DestinationPort;

    public ulong Packets;
    public ulong Octets;

    /// <summary>LogFields.IfIndices: SNMP ifIndex.</summary>
    public uint InputInterface;
    public uint OutputInterface;

    /// <summary>LogFields.AgentInfo, from the header of the datagram: uptime in ms, wall clock in seconds and nanoseconds.</summary>
    public uint SystemUptime;
    public uint ExportSeconds;
    public uint ExportNanoseconds;

    /// <summary>The version word of the datagram: 1, 5, 7, 8, 9, 10 for IPFIX, 32773 or 32772 for sFlow: version 5 or 4 with the highest bit set.</summary>
    public ushort Version;

    /// <summary>LogFields.FlowEngineInfo.</summary>
    public ushort EngineType;
    public ushort EngineId;

    /// <summary>LogFields.FlowTimes: ms of the agent's uptime.</summary>
    public uint FlowStart;
    public uint FlowFinish;

    /// <summary>LogFields.AsInfo.</summary>
    public uint SourceAs;
    public uint DestinationAs;

    /// <summary>LogFields.FlowEngineInfo: the sequence number of the datagram and the observation domain (v9: source id).</summary>
    public uint Sequence;
    public uint SourceId;

    /// <summary>LogFields.FlowTimesAbs: nanoseconds since 1970-01-01 UTC; 0 is unknown.</summary>
    public ulong FlowStartNanoseconds;
    public ulong FlowFinishNanoseconds;

    public Sampling Sampling;
    public Layer2 Layer2;
    public FlowStatus Status;
    public Translation Nat;
    public MplsLabels Mpls;

    /// <summary>LogFields.Reverse: what went the other way (RFC 5103).</summary>
    public ulong ReversePackets;
    public ulong ReverseOctets;

    /// <summary>LogFields.Application: applicationId (RFC 6759), the classification engine in the highest octet, the selector in the lowest ones.</summary>
    public ulong ApplicationId;

    public BgpPath Bgp;
    public FlowOrigin Origin;

    /// <summary>LogFields.Other: where its elements begin, in octets of what carries them, a batch or the record in a log; and how long they are.</summary>
    public int OtherOffset;
    public ushort OtherLength;

    /// <summary>The checksum as read from a log (LogFields.Crc32); computed, not taken from here, when writing.</summary>
    public uint Checksum;
}
