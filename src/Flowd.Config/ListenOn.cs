using Flowd.Records;

namespace Flowd.Config;

/// <summary>
/// Where to receive. Zone: the interface of a link-local address. BufferSize: octets that may wait, null for as many as possible.
/// </summary>
public sealed record ListenOn(Address Address, string? Zone, ushort Port, int? BufferSize)
{
    /// <summary>What is taken there; anything else is counted and ignored.</summary>
    public ExportProtocol Protocol { get; init; }

    /// <summary>How it comes: datagrams, or connections, which carry IPFIX alone.</summary>
    public Transport Transport { get; init; }

    /// <summary>The files of <see cref="Transport.Tls"/>; else null.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Whether both are of connections to one place.</summary>
    public bool ListensBeside(ListenOn other)
        => Transport != Transport.Udp && other.Transport != Transport.Udp && (Address, Zone, Port) == (other.Address, other.Zone, other.Port);
}
