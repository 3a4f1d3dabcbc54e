namespace Flowd.Records;

/// <summary>What a record has in a log of version 3.0, and may have just so on the wire: an address, or a number in network byte order.</summary>
public enum RecordValue : byte
{
    TcpFlags,
    Protocol,
    TypeOfService,
    SourceAddress,
    DestinationAddress,
    GatewayAddress,
    SourcePort,
    DestinationPort,
    Packets,
    Octets,
    InputInterface,
    OutputInterface,
    FlowStart,
    FlowFinish,
    SourceAs,
    DestinationAs,
    SourceMask,
    DestinationMask,
    EngineType,
    EngineId,
    ReceivedSeconds,
    AgentAddress,
    Tag,
}
