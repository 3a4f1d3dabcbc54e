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

        var log = new SystemLog(options.Common.Style, options.Common.Level) { Prefix = options.Share.IsWhole ? "" : $"worker {options.Share.Index}: " };
        try
        {
            using var monitor = new ChannelEnd(MessageChannel.OfChild(), options.Role, Party.Monitor);
            if (options.Role == Party.Exec)
                return new ExecRole(monitor, options).Run();
            SandboxLayers layers = GiveUpRights(options);
            if (options.Role == Party.Parser)
                return new ParserRole(monitor, options).Run(layers);
            monitor.TrySend(new Message(MessageType.Sandboxed, (uint)layers));
            return options.Role == Party.Finisher ? new FinisherRole(monitor, log).Run() : RunWorker(monitor, options, log);
        }
        catch (Exception e)
        {
            log.Error($"flowd-worker: {e}");
            return Software;
        }
    }

    private static int RunWorker(ChannelEnd monitor, Options options, SystemLog log)
    {
        using var loop = new WorkerLoop(monitor, log, options.Share, options.CaptureName);
        return loop.Run();
    }

    // The time zone is a file: it is read while there are files.
    private static SandboxLayers GiveUpRights(Options options)
    {
        _ = TimeZoneInfo.Local.GetUtcOffset(DateTimeOffset.UnixEpoch);
        Privileges.SurviveFileSizeLimit();
        if (options.Role == Party.Finisher)
            Privileges.BeNice();
        return options.Common.HasSandbox ? Sandbox.Enter(options.Sandbox) : SandboxLayers.None;
    }
}
