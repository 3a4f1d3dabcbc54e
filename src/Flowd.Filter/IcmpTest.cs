namespace Flowd.Filter;

/// <summary>The type of an ICMP or ICMPv6 message and, unless it is null, its code.</summary>
public readonly record struct IcmpTest(byte Type, byte? Code);
