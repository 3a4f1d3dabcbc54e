using Flowd.Records;

namespace Flowd.Decode;

/// <summary>
/// Where and when a datagram came from: the address of its sender (an IPv4-mapped one already as IPv4), and the time of reception
/// in seconds since 1970-01-01 UTC and microseconds.
/// </summary>
public readonly record struct DatagramOrigin(Address Exporter, uint ReceivedSeconds, uint ReceivedMicroseconds)
{
    /// <summary>
    /// The transport session of what did not come as a datagram, but over a connection (RFC 7011 section 10.4); 0 for datagrams. Templates and the
    /// sequence begin anew with each, and templates end with it: <see cref="ExporterTable.EndSession"/>.
    /// </summary>
    public ulong Session { get; init; }
}
