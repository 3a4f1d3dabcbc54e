using System;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>Which records are wanted. A compressed log with an index is read only where there can be some.</summary>
public sealed record LogSelection
{
    /// <summary>Received not before that, in seconds since 1970-01-01 UTC.</summary>
    public uint FromSeconds { get; init; }

    /// <summary>And not after it.</summary>
    public uint ToSeconds { get; init; } = uint.MaxValue;

    /// <summary>Source or destination is one of them; empty: any.</summary>
    public Address[] Addresses { get; init; } = [];

    /// <summary>Source or destination port is one of them; empty: any.</summary>
    public ushort[] Ports { get; init; } = [];

    /// <summary>Which sections are looked at.</summary>
    public const LogFields Reads = LogFields.RecvTime | LogFields.SrcDstAddr | LogFields.SrcDstPort;

    private bool HasTime => FromSeconds > 0 || ToSeconds < uint.MaxValue;

    /// <summary>True for a record that is wanted. One that does not have what is asked for is not.</summary>
    public bool Matches(in FlowRecord record)
        => (!HasTime || IsInTime(in record))
            && (Addresses.Length == 0 || Array.IndexOf(Addresses, record.SourceAddress) >= 0 || Array.IndexOf(Addresses, record.DestinationAddress) >= 0)
            && (Ports.Length == 0 || HasPort(in record));

    private bool IsInTime(in FlowRecord record)
        => (record.Fields & LogFields.RecvTime) != 0 && record.ReceivedSeconds >= FromSeconds && record.ReceivedSeconds <= ToSeconds;

    private bool HasPort(in FlowRecord record)
        => (record.Fields & LogFields.SrcDstPort) != 0
            && (Array.IndexOf(Ports, record.SourcePort) >= 0 || Array.IndexOf(Ports, record.DestinationPort) >= 0);
}
