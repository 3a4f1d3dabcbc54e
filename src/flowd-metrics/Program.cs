using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.MetricsProcess;

/// <summary>Serves the metrics of flowd to Prometheus, without rights, from memory that the worker fills.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
        => ServerProgram.Run("flowd-metrics", arguments, SandboxRole.Metrics, Party.Metrics, static (monitor, log) => new MetricsRole(monitor, log).Run());
}
