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

    /// <summary>Those of the records that are wanted, a bit for each, the lowest for the first.</summary>
    public ulong Matches(in BatchRun run)
    {
        ulong wanted = run.All;
        if (HasTime)
            wanted &= (run.Fields & LogFields.RecvTime) != 0 ? run.Ask(WireTest.Number(run.Layout, RecordValue.ReceivedSeconds, uint.MaxValue, FromSeconds, ToSeconds)) : 0;
        if (Addresses.Length > 0)
            wanted &= AnyAddress(in run);
        if (Ports.Length > 0)
            wanted &= (run.Fields & LogFields.SrcDstPort) != 0 ? AnyPort(in run) : 0;
        return wanted;
    }

    private ulong AnyAddress(in BatchRun run)
    {
        ulong any = 0;
        foreach (Address address in Addresses)
        {
            var host = new Prefix(address, (byte)address.Bits);
            any |= run.Ask(WireTest.Network(run.Layout, RecordValue.SourceAddress, host)) | run.Ask(WireTest.Network(run.Layout, RecordValue.DestinationAddress, host));
        }

        return any;
    }

    private ulong AnyPort(in BatchRun run)
    {
        ulong any = 0;
        foreach (ushort port in Ports)
        {
            any |= run.Ask(WireTest.Number(run.Layout, RecordValue.SourcePort, ushort.MaxValue, port, port))
                | run.Ask(WireTest.Number(run.Layout, RecordValue.DestinationPort, ushort.MaxValue, port, port));
        }

        return any;
    }

    private bool IsInTime(in FlowRecord record)
        => (record.Fields & LogFields.RecvTime) != 0 && record.ReceivedSeconds >= FromSeconds && record.ReceivedSeconds <= ToSeconds;

    private bool HasPort(in FlowRecord record)
        => (record.Fields & LogFields.SrcDstPort) != 0
            && (Array.IndexOf(Ports, record.SourcePort) >= 0 || Array.IndexOf(Ports, record.DestinationPort) >= 0);
}
