using System;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.MetricsProcess;

/// <summary>
/// Serves the metrics of flowd to Prometheus, without rights, from memory that the worker fills. Started by flowd alone, with its channel at
/// descriptor 3.
/// </summary>
internal static class Program
{
    private const int Software = 70; // EX_SOFTWARE, sysexits(3)

    private static int Main(string[] arguments)
    {
        CommonOptions? options = Options.TryParse(arguments);
        if (options is null)
        {
            Descriptors.WriteStandardError("flowd-metrics is started by flowd\n"u8);
            return 64; // EX_USAGE
        }

        var log = new SystemLog(options.Style, options.Level);
        try
        {
            // Before the server starts any thread.
            SandboxLayers layers = options.HasSandbox ? Sandbox.Enter(options.SandboxOf(SandboxRole.Metrics)) : SandboxLayers.None;
            using var monitor = new ChannelEnd(MessageChannel.OfChild(), Party.Metrics, Party.Monitor);
            monitor.TrySend(new Message(MessageType.Sandboxed, (uint)layers));
            return new MetricsRole(monitor, log).Run();
        }
        catch (Exception e)
        {
            log.Error($"flowd-metrics: {e}");
            return Software;
        }
    }
}
