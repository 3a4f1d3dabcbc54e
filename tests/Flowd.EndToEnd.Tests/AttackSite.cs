using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>Who starts flowd in a test.</summary>
public enum Starter
{
    /// <summary>Root, with an account for the worker that only this flowd sees. Needs root.</summary>
    Root,

    /// <summary>Somebody without rights.</summary>
    Anybody,
}

/// <summary>A folder with the published flowd, and beside it the attacker in the place of flowd-worker.</summary>
public sealed class AttackSite : IDisposable
{
    public const uint Uid = 61234;

    private const string Nobody = "65534";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["1"] = "EPERM", ["2"] = "ENOENT", ["9"] = "EBADF", ["11"] = "EAGAIN", ["13"] = "EACCES", ["20"] = "ENOTDIR", ["22"] = "EINVAL", ["89"] = "EDESTADDRREQ",
    };

    private readonly string _folder = RunningFlowd.NewFolder();
    private readonly string _accounts;

    public AttackSite()
    {
        Home = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        _accounts = Path.Combine(_folder, "passwd");
        File.WriteAllText(_accounts, $"root:x:0:0::/root:/bin/sh\n_flowd:x:{Uid}:{Uid}::{Home}:/usr/sbin/nologin\n");
        Tool.Run("/bin/chmod", "-R", "a+rX", _folder);
    }

    /// <summary>The home of the worker's account.</summary>
    public string Home { get; }

    /// <summary>Starts the true flowd by root, with the account.</summary>
    internal RunningFlowd StartTrue(string configuration = "store ALL")
    {
        RunningFlowd flowd = RunningFlowd.Launch(configuration, folder: null, Wrapper(Starter.Root, Tool.Published("flowd")), options: []);
        flowd.WaitFor("listening on");
        return flowd;
    }

    /// <summary>The messages of a flowd whose worker does these attacks before it says that it is ready.</summary>
    public string Messages(Starter starter, bool withSeccomp, params IEnumerable<string> attacks)
    {
        string orders = Path.Combine(_folder, "orders");
        File.WriteAllLines(orders, withSeccomp ? attacks : attacks.Prepend("without seccomp"));
        Tool.Run("/bin/chmod", "a+r", orders);
        using RunningFlowd flowd = RunningFlowd.LaunchUnder(Wrapper(starter, Program()), options: []);
        Assert.Equal(1, flowd.WaitForExit());
        return flowd.Messages;
    }

    /// <summary>How each attack ended: "done", the name of an error, or SIGSYS; after one that kills there is nothing more.</summary>
    public Dictionary<string, string> Outcomes(Starter starter, bool withSeccomp, params string[] attacks)
    {
        string messages = Messages(starter, withSeccomp, attacks);
        Dictionary<string, string> outcomes = messages.Split('\n')
            .Where(line => line.StartsWith("attack ", StringComparison.Ordinal))
            .Select(line => line["attack ".Length..].Split(": "))
            .ToDictionary(parts => parts[0], parts => NameOf(parts[1]));
        if (messages.Contains("signal 31", StringComparison.Ordinal))
            outcomes[attacks[outcomes.Count]] = "SIGSYS";
        return outcomes;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string NameOf(string outcome)
        => outcome.StartsWith("errno ", StringComparison.Ordinal) ? Names.GetValueOrDefault(outcome["errno ".Length..], outcome) : outcome;

    private string Program()
    {
        string program = Path.Combine(_folder, "flowd");
        if (File.Exists(program))
            return program;
        File.Copy(Tool.Published("../attacker/bin/flowd-attacker"), Path.Combine(_folder, "flowd-worker"));
        File.Copy(Tool.Published("flowd"), program);
        return program;
    }

    private string[] Wrapper(Starter starter, string program)
    {
        if (starter == Starter.Root && !RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        return starter == Starter.Root ? InPrivate(program) : RunningFlowd.IsRoot ? AsNobody(program) : RunningFlowd.Instead(program);
    }

    // $1 is the list of accounts, $2 the flowd that would be run else.
    private string[] InPrivate(string program)
        => [Tool.Installed("unshare"), "--mount", "/bin/sh", "-c", "mount --bind \"$1\" /etc/passwd && shift 2 && exec \"$0\" \"$@\"", program, _accounts];

    // $1 is the flowd that would be run else; the last argument is the configuration, in a folder that is made over.
    private static string[] AsNobody(string program)
        =>
        [
            "/bin/sh", "-c",
            $$"""
                shift
                for last; do :; done
                chown -R {{Nobody}}:{{Nobody}} "$(dirname "$last")"
                exec {{Tool.Installed("setpriv")}} --reuid {{Nobody}} --regid {{Nobody}} --clear-groups --inh-caps=-all --bounding-set=-all "$0" "$@"
                """,
            program,
        ];
}
