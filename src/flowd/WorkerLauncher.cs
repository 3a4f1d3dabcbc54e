using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>A child and our end of the channel to it.</summary>
internal sealed record Child(ChildProcess Process, ChannelEnd Channel) : IDisposable
{
    public void Dispose() => Channel.Dispose();
}

/// <summary>Starts flowd-worker in one of its roles, with as few rights as can be.</summary>
internal sealed class WorkerLauncher
{
    private const string UserName = "_flowd";
    private const string FileName = "flowd-worker";
    private const uint Nobody = 65534;

    private readonly string _path;
    private readonly List<string> _common = [];

    private WorkerLauncher(string path) => _path = path;

    /// <summary>Finds the binary and the account that it runs as; throws <see cref="InvalidOperationException"/> with the reason if there is none.</summary>
    public static WorkerLauncher Find(Options options, SystemLog log)
    {
        var launcher = new WorkerLauncher(FindBinary());
        launcher._common.Add($"--log={(options.IsBackground ? "syslog" : "plain")}");
        launcher._common.Add($"--level={(int)options.Level}");
        if (!Privileges.IsRoot)
            return launcher;
        if (options.IsInsecure)
        {
            log.Warning("-X INSECURE: the processes that read what strangers send run with all rights");
            return launcher;
        }

        UserAccount user = options.OnlyChecks ? CheckingUser() : DaemonUser();
        launcher._common.Add($"--user={user.Uid}:{user.Gid}:{user.Home}");
        return launcher;
    }

    public Child Start(Party role, params IEnumerable<string> arguments)
    {
        (MessageChannel ours, MessageChannel theirs) = MessageChannel.Pair();
        using (theirs)
        {
            string name = role == Party.Parser ? "--parse" : "--network";
            List<string> command = [$"flowd: {name[2..]}", name, .. _common, .. arguments];
            return new Child(ChildProcess.Start(_path, command, theirs, new ChildOptions()), new ChannelEnd(ours, Party.Monitor, role));
        }
    }

    private static UserAccount DaemonUser()
    {
        UserAccount user = Privileges.FindUser(UserName)
            ?? throw new InvalidOperationException($"there is no user {UserName} to run as; make one (useradd -r -d /var/empty -s /usr/sbin/nologin {UserName})");
        return Directory.Exists(user.Home)
            ? user
            : throw new InvalidOperationException($"the home of {UserName}, {user.Home}, does not exist; it should be an empty directory of root");
    }

    // A configuration can be checked before flowd is set up; then anybody without rights will do.
    private static UserAccount CheckingUser()
        => Privileges.FindUser(UserName) is { } user && Directory.Exists(user.Home) ? user : new UserAccount("nobody", Nobody, Nobody, "/");

    private static string FindBinary()
    {
        string here = Path.GetDirectoryName(Environment.ProcessPath) ?? "/";
        foreach (string candidate in (ReadOnlySpan<string>)[Path.Combine(here, FileName), Path.Combine(here, "..", "libexec", "flowd", FileName)])
        {
            if (File.Exists(candidate))
                return Path.GetFullPath(candidate);
        }

        throw new InvalidOperationException($"{FileName} is neither in {here} nor in ../libexec/flowd");
    }
}
