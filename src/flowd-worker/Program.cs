using System;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Worker;

namespace Flowd.WorkerProcess;

/// <summary>The unprivileged half of flowd: reads the bytes of strangers. Started by flowd alone, with its channel at descriptor 3.</summary>
internal static class Program
{
    private const int Software = 70; // EX_SOFTWARE, sysexits(3)

    private static int Main(string[] arguments)
    {
        Options? options = Options.TryParse(arguments);
        if (options is null)
        {
            Descriptors.WriteStandardError("flowd-worker is started by flowd\n"u8);
            return 64; // EX_USAGE
        }

        var log = new SystemLog(options.Common.Style, options.Common.Level);
        try
        {
            SandboxLayers layers = GiveUpRights(options);
            Party self = options.Parses ? Party.Parser : Party.Worker;
            using var monitor = new ChannelEnd(MessageChannel.OfChild(), self, Party.Monitor);
            if (options.Parses)
                return new ParserRole(monitor, options).Run(layers);
            monitor.TrySend(new Message(MessageType.Sandboxed, (uint)layers));
            using var loop = new WorkerLoop(monitor, log);
            return loop.Run();
        }
        catch (Exception e)
        {
            log.Error($"flowd-worker: {e}");
            return Software;
        }
    }

    // The time zone is a file: it is read while there are files.
    private static SandboxLayers GiveUpRights(Options options)
    {
        _ = TimeZoneInfo.Local.GetUtcOffset(DateTimeOffset.UnixEpoch);
        Privileges.SurviveFileSizeLimit();
        return options.Common.HasSandbox ? Sandbox.Enter(options.Sandbox) : SandboxLayers.None;
    }
}
