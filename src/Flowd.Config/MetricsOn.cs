using Flowd.Records;

namespace Flowd.Config;

/// <summary>Where to serve metrics: a TCP address (Zone: the interface of a link-local one), or the path of an AF_UNIX socket.</summary>
public sealed record MetricsOn(Address Address, string? Zone, ushort Port, string? Path = null)
{
    public MetricsOn(string path)
        : this(default, null, 0, path)
    {
    }
}
