using System;
using System.Collections.Generic;
using System.ComponentModel;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>Starts the programs of the other roles, with as few rights as can be.</summary>
internal sealed class ChildLauncher
{
    private const string Worker = "flowd-worker";

    private static readonly Dictionary<Party, (string Program, string[] Arguments)> Roles = new()
    {
        [Party.Parser] = (Worker, ["--parse"]),
        [Party.Worker] = (Worker, ["--network"]),
        [Party.Metrics] = ("flowd-metrics", []),
        [Party.Tcp] = ("flowd-tcp", []),
        [Party.Finisher] = (Worker, ["--finish"]),
        [Party.Exec] = (Worker, ["--exec"]),
    };

    private readonly string _worker = Programs.FindWide(Worker) ?? Find(Worker); // flowd does nothing without it
    private readonly string[] _common;
    private readonly Accounts? _accounts;

    public ChildLauncher(Options options, SystemLog log)
    {
        string[] sandbox = options.HasSandbox ? [] : ["--no-sandbox"];
        _common = [$"--log={log.Style.ToString().ToLowerInvariant()}", $"--level={(int)options.Level}", .. sandbox];
        Expected = options.HasSandbox ? Sandbox.AllFor(asRoot: Privileges.IsRoot && !options.IsInsecure) : SandboxLayers.None;
        if (!options.HasSandbox)
            log.Warning("-X NOSANDBOX: the kernel does not keep the processes that read what strangers send from anything");
        if (options.IsInsecure && Privileges.IsRoot)
            log.Warning("-X INSECURE: the processes that read what strangers send run with all rights");
        else if (Privileges.IsRoot)
            _accounts = new Accounts(options.OnlyChecks);
    }

    /// <summary>What every child's sandbox should have, by the options that flowd was started with.</summary>
    public SandboxLayers Expected { get; }

    /// <summary>What it should have where nothing may be missing, whatever the options say.</summary>
    public static SandboxLayers Whole => Sandbox.AllFor(asRoot: Privileges.IsRoot);

    /// <summary>Throws <see cref="InvalidOperationException"/> if a worker of such a configuration could not be started.</summary>
    public void CheckUser(string? name) => _accounts?.OfWorker(name);

    /// <summary>Starts a role; <paramref name="user"/> is the configuration's. Throws <see cref="Win32Exception"/>.</summary>
    public Child Start(Party role, IEnumerable<string> arguments, string? user = null)
    {
        (string program, string[] own) = Roles[role];
        IEnumerable<string> account = _accounts is null ? [] : [$"--user={(role == Party.Parser ? Accounts.OfParser() : _accounts.OfWorker(user))}"];
        (MessageChannel ours, MessageChannel theirs) = MessageChannel.Pair();
        using (theirs)
        {
            string name = role.ToString().ToLowerInvariant();
            List<string> command = [$"flowd: {name}", .. own, .. _common, .. account, .. arguments];
            string path = program == Worker ? _worker : Find(program);
            return new Child(ChildProcess.Start(path, command, theirs, new ChildOptions()), new ChannelEnd(ours, Party.Monitor, role), name);
        }
    }

    private static string Find(string program)
        => Programs.Find(program) ?? throw new InvalidOperationException($"{program} is neither in {Programs.Here} nor in ../libexec/flowd");
}
