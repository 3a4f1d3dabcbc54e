using Flowd.Records;

namespace Flowd.Config;

/// <summary>Where to receive datagrams. Zone: the interface of a link-local address. BufferSize: octets, null for as large as possible.</summary>
public sealed record ListenOn(Address Address, string? Zone, ushort Port, int? BufferSize)
{
    /// <summary>What is taken there; anything else is counted and ignored.</summary>
    public ExportProtocol Protocol { get; init; }
}
