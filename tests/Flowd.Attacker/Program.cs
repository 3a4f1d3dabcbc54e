using System;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.WorkerProcess;

namespace Flowd.Attacker;

/// <summary>
/// What flowd-worker would be in the hands of an attacker. As the parser it is the true one, so that flowd starts; as the worker it takes what it
/// is given, and then does the attacks that the file "orders" beside it names, a line each. How each ended is a line on standard error: "attack NAME:
/// done" or "attack NAME: errno N"; of one that kills there is none. A line "without seccomp" leaves the filter out, to see what the other layers stop.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Options options = Options.TryParse(arguments) ?? throw new ArgumentException("to be started by flowd");
        string[] orders = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, "orders"));
        bool isParser = options.Role == Party.Parser;
        bool withSeccomp = isParser || !orders.Contains("without seccomp");
        int monitorId = (int)Native.Call(Native.SYS_getppid);
        _ = TimeZoneInfo.Local.GetUtcOffset(DateTimeOffset.UnixEpoch);
        Privileges.SurviveFileSizeLimit();
        SandboxLayers layers = Sandbox.Enter(options.Sandbox, withSeccomp);

        Party self = options.Role;
        using var monitor = new ChannelEnd(MessageChannel.OfChild(), self, Party.Monitor);
        if (isParser)
            return new ParserRole(monitor, options).Run(layers);
        monitor.TrySend(new Message(MessageType.Sandboxed, (uint)layers));

        Loot loot = Loot.Take(monitor, monitorId);
        foreach (Attack attack in Attacks.Table.Where(attack => orders.Contains(attack.Name)))
            Say($"attack {attack.Name}: {Describe(attack.Try(loot))}");
        return 0;
    }

    private static string Describe(nint result) => result >= 0 ? "done" : $"errno {-result}";

    private static void Say(string text) => Descriptors.WriteStandardError(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
}
