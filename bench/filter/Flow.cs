using Flowd.Records;

namespace Flowd.Bench;

/// <summary>What the rules of <see cref="Traffic"/> look at. Records are ten times as long, and fresh in the cache when they are filtered; so they are made from this.</summary>
internal struct Flow
{
    public Address SourceAddress;
    public Address DestinationAddress;
    public ushort SourcePort;
    public ushort DestinationPort;
    public byte Protocol;
    public byte TcpFlags;
    public uint InputInterface;

    public readonly void WriteTo(ref FlowRecord record)
    {
        record.SourceAddress = SourceAddress;
        record.DestinationAddress = DestinationAddress;
        record.SourcePort = SourcePort;
        record.DestinationPort = DestinationPort;
        record.Protocol = Protocol;
        record.TcpFlags = TcpFlags;
        record.InputInterface = InputInterface;
    }
}
