using System;
using Flowd.Config;

namespace Flowd.TcpProcess;

/// <summary>What peers may make us hold. Connections: in all, and of one address; times: see flowd.conf(5).</summary>
internal sealed record SessionLimits(int Connections, int PerExporter, TimeSpan Idle, TimeSpan MessageTime)
{
    public static SessionLimits Of(ConfiguredLimits configured) => new(
        configured.Connections ?? 512,
        configured.ConnectionsPerExporter ?? 32,
        TimeSpan.FromSeconds(configured.ConnectionIdle ?? 86_400),
        TimeSpan.FromSeconds(configured.MessageTime ?? 30));
}
