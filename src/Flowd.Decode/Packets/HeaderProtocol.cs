namespace Flowd.Decode.Packets;

/// <summary>What a sampled packet begins with: header_protocol of sFlow version 5, which version 4 shares.</summary>
internal enum HeaderProtocol : uint
{
    Ethernet = 1,
    Ppp = 7,
    IPv4 = 11,
    IPv6 = 12,
    Mpls = 13,
}
