namespace Flowd.Records;

/// <summary>What a record may have on the wire just as a log of version 3.0 has it: an address, or a number in network byte order.</summary>
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
}
