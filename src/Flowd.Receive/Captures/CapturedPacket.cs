using System;

namespace Flowd.Receive.Captures;

/// <summary>A packet as it was captured: how its first octets are to be read (LINKTYPE_ of pcap), and when it came: seconds since 1970-01-01 UTC and µs.</summary>
internal readonly ref struct CapturedPacket(uint linkType, uint seconds, uint microseconds, ReadOnlySpan<byte> octets)
{
    public uint LinkType => linkType;
    public uint Seconds => seconds;
    public uint Microseconds => microseconds;
    public ReadOnlySpan<byte> Octets { get; } = octets;
}

/// <summary>The packets of one format, one after the other.</summary>
internal interface IPacketSource
{
    /// <summary>The next packet; false at the end, or with an error.</summary>
    bool TryRead(out CapturedPacket packet, out CaptureError error);
}
