namespace Flowd.Decode.Rewriting;

/// <summary>What becomes of the octets of a field in a datagram that others get to see.</summary>
internal enum Treatment : byte
{
    /// <summary>Zeros, for all that might hold an address, or tell as much as one.</summary>
    Erase,

    Keep,
    MapIPv4,
    MapIPv6,
}
