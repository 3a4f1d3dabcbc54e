using System;
using Flowd.Platform;

namespace Flowd.Privsep;

/// <summary>The start and the end of a program that serves strangers: started by flowd alone, with its channel at descriptor 3.</summary>
public static class ServerProgram
{
    private const int Usage = 64; // EX_USAGE, sysexits(3)
    private const int Software = 70; // EX_SOFTWARE

    /// <summary>Locks itself in, before any thread is started, and then runs; returns the exit status.</summary>
    public static int Run(string name, ReadOnlySpan<string> arguments, SandboxRole role, Party party, Func<ChannelEnd, SystemLog, int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (TryParse(arguments) is not { } options)
        {
            Descriptors.WriteStandardError(System.Text.Encoding.UTF8.GetBytes($"{name} is started by flowd\n"));
            return Usage;
        }

        var log = new SystemLog(options.Style, options.Level);
        try
        {
            SandboxLayers layers = options.HasSandbox ? Sandbox.Enter(options.SandboxOf(role)) : SandboxLayers.None;
            using var monitor = new ChannelEnd(MessageChannel.OfChild(), party, Party.Monitor);
            monitor.TrySend(new Message(MessageType.Sandboxed, (uint)layers));
            return run(monitor, log);
        }
        catch (Exception e)
        {
            log.Error($"{name}: {e}");
            return Software;
        }
    }

    private static CommonOptions? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new CommonOptions();
        foreach (string argument in arguments)
        {
            string[] option = argument.Split('=', 2);
            if (!options.TryTake(option[0], option[^1]))
                return null;
        }

        return options;
    }
}
