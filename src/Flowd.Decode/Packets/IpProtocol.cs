namespace Flowd.Decode.Packets;

/// <summary>Protocol numbers of IANA whose headers we look into, the extension headers of IPv6 among them.</summary>
internal enum IpProtocol : byte
{
    HopByHop = 0,
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Dccp = 33,
    Routing = 43,
    Fragment = 44,
    Authentication = 51,
    IcmpForIPv6 = 58,
    DestinationOptions = 60,
    Sctp = 132,
    UdpLite = 136,
}
