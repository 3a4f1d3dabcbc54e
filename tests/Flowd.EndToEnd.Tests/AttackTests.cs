using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>
/// flowd-worker in the hands of an attacker (tests/Flowd.Attacker): each row is one thing that it tries, and what becomes of it, with every layer
/// of the sandbox and without the filter of system calls, where other layers must do. docs/threat-model.md has the same table.
/// </summary>
public class AttackTests(AttackTests.Runs runs) : IClassFixture<AttackTests.Runs>
{
    private const string Killed = "SIGSYS";
    private const string Flood = "message-flood";

    /// <summary>What is expected: killed, an error, or "done". Empty where only the filter stops it, or where it depends on the system.</summary>
    private sealed record Row(string Attack, string Expected, string WithoutFilterOfRoot = "", string WithoutFilterOfAnybody = "");

    private static readonly Row[] Table =
    [
        // Files.
        new("open-read", "ENOENT", "ENOENT", "EACCES"),
        new("open-directory", "ENOENT", "EACCES", "EACCES"),
        new("open-write", "ENOENT"),
        new("open-create", "ENOENT", "EACCES", "EACCES"),
        new("open-parent", "ENOENT", "ENOENT", "EACCES"),
        new("open-own-descriptor", "ENOENT"),
        new("open-monitor-memory", "ENOENT", "", "EACCES"),
        new("open-proc", "ENOENT"),
        new("open-below-descriptors", "ENOENT", "ENOTDIR", "ENOTDIR"),
        new("open-above-descriptors", "ENOENT", "ENOTDIR", "ENOTDIR"),
        new("old-open", "SIGSYS"),
        new("openat2", "SIGSYS"),
        new("open-by-handle", "SIGSYS"),
        new("unlink", "SIGSYS"),
        new("rename", "SIGSYS"),
        new("symlink", "SIGSYS", "EACCES", "EACCES"),
        new("mkdir", "SIGSYS", "EACCES", "EACCES"),
        new("mknod", "SIGSYS", "EACCES"),
        new("chmod-descriptor", "SIGSYS", "EPERM"),
        new("leave-by-descriptor", "SIGSYS", "ENOTDIR", "ENOTDIR"),
        new("chroot", "SIGSYS", "EPERM", "EPERM"),

        // The network.
        new("socket-inet", "SIGSYS"),
        new("socket-inet6", "SIGSYS"),
        new("socket-unix", "SIGSYS"),
        new("socket-netlink", "SIGSYS"),
        new("socket-raw", "SIGSYS", "EPERM", "EPERM"),
        new("socket-packet", "SIGSYS", "EPERM", "EPERM"),
        new("socketpair", "SIGSYS"),
        new("tcp-connect", "SIGSYS", "EACCES", "EACCES"),
        new("tcp-bind", "SIGSYS", "EACCES", "EACCES"),
        new("connect-listener", "SIGSYS"),
        new("bind-listener", "SIGSYS"),
        new("listen-channel", "SIGSYS"),
        new("sendto-address", "SIGSYS"),
        new("sendmsg-address", "SIGSYS"),
        new("sendmmsg-address", "SIGSYS"),
        new("write-to-listener", "EDESTADDRREQ"),
        new("recvmsg-listener", "SIGSYS"),
        new("setsockopt-listener", "SIGSYS"),

        // Other processes.
        new("fork", "SIGSYS", "EAGAIN", "EAGAIN"),
        new("vfork", "SIGSYS", "EAGAIN", "EAGAIN"),
        new("clone", "SIGSYS", "EAGAIN", "EAGAIN"),
        new("clone-thread", "SIGSYS", "EAGAIN", "EAGAIN"),
        new("clone3", "EPERM"),
        new("execve", "SIGSYS", "", "EACCES"),
        new("execveat", "SIGSYS"),
        new("ptrace-monitor", "SIGSYS", "EPERM", "EPERM"),
        new("ptrace-me", "SIGSYS"),
        new("kill-monitor", "SIGSYS", "EPERM", "EPERM"),
        new("kill-everybody", "SIGSYS"),
        new("tgkill-monitor", "SIGSYS", "EPERM", "EPERM"),
        new("tkill-monitor", "SIGSYS", "EPERM", "EPERM"),
        new("sigqueue-monitor", "SIGSYS", "EPERM", "EPERM"),
        new("pidfd-open-monitor", "SIGSYS"),
        new("pidfd-getfd", "SIGSYS"),
        new("read-monitor-memory", "SIGSYS", "EPERM", "EPERM"),
        new("write-monitor-memory", "SIGSYS", "EPERM", "EPERM"),
        new("priority-monitor", "SIGSYS", "EPERM"),

        // Rights.
        new("setuid", "SIGSYS", "EPERM", "EPERM"),
        new("setresuid", "SIGSYS", "EPERM"),
        new("setresgid", "SIGSYS", "EPERM"),
        new("setgroups", "SIGSYS", "EPERM", "EPERM"),
        new("capset", "SIGSYS", "EPERM", "EPERM"),
        new("dumpable", "SIGSYS"),
        new("keep-capabilities", "SIGSYS"),
        new("another-filter", "SIGSYS"),
        new("personality", "SIGSYS"),

        // The system.
        new("mount", "SIGSYS", "EPERM", "EPERM"),
        new("umount", "SIGSYS", "EPERM", "EPERM"),
        new("pivot-root", "SIGSYS", "EPERM", "EPERM"),
        new("unshare", "SIGSYS", "EPERM", "EPERM"),
        new("unshare-user", "SIGSYS"),
        new("setns", "SIGSYS"),
        new("bpf", "SIGSYS"),
        new("perf-event-open", "SIGSYS"),
        new("userfaultfd", "SIGSYS"),
        new("io-uring-setup", "SIGSYS"),
        new("add-key", "SIGSYS"),
        new("keyctl", "SIGSYS"),
        new("init-module", "SIGSYS"),
        new("reboot", "SIGSYS", "EPERM", "EPERM"),
        new("syslog", "SIGSYS", "EPERM"),
        new("ioctl-terminal", "SIGSYS"),
        new("x32", "SIGSYS"),

        // Limits and memory.
        new("setrlimit", "SIGSYS", "EPERM", "EPERM"),
        new("prlimit", "SIGSYS", "EPERM", "EPERM"),
        new("prlimit-monitor", "SIGSYS", "EPERM"),
        new("mprotect-execute", "SIGSYS", "EACCES", "EACCES"),
        new("mmap-execute", "SIGSYS", "EACCES", "EACCES"),
        new("mmap-execute-file", "SIGSYS"),
        new("memfd-create", "SIGSYS"),
        new("shmget", "SIGSYS"),

        // What it holds.
        new("write-configuration", "EPERM", "EPERM", "EPERM"),
        new("truncate-configuration", "EPERM", "EPERM", "EPERM"),
        new("write-standard-input", "done"),
        new("close-channel", "EBADF"),
        new("duplicate-onto-channel", "SIGSYS"),
        new("duplicate-by-fcntl", "SIGSYS"),
        new("truncate-log", "done"),
    ];

    /// <summary>What the monitor says of a message that breaks its rules.</summary>
    private static readonly Dictionary<string, string> Violations = new()
    {
        ["message-garbage"] = "UnknownType",
        ["message-short"] = "BadLength",
        ["message-long"] = "BadLength",
        ["message-of-monitor"] = "WrongSender",
        ["message-of-parser"] = "WrongSender",
        ["message-with-descriptor"] = "UnexpectedDescriptor",
        ["message-with-descriptors"] = "BadLength",
    };

    public static TheoryData<string, string> All => Rows(row => row.Expected);

    public static TheoryData<string, string> OfRoot => Rows(row => row.WithoutFilterOfRoot);

    public static TheoryData<string, string> OfAnybody => Rows(row => row.WithoutFilterOfAnybody);

    public static TheoryData<string, string> Messages
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string attack, string violation) in Violations)
                data.Add(attack, violation);
            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void No_attack_gets_through(string attack, string expected)
    {
        Dictionary<string, string> outcomes = expected == Killed ? runs.Site.Outcomes(Starter.Root, withSeccomp: true, attack) : runs.OfRoot.Value;

        Assert.Equal(expected, outcomes.GetValueOrDefault(attack));
    }

    [Theory]
    [InlineData("sendto-address")]
    [InlineData("socket-inet")]
    [InlineData("execve")]
    public void The_filter_is_the_same_without_root(string attack)
        => Assert.Equal(Killed, runs.Site.Outcomes(Starter.Anybody, withSeccomp: true, attack).GetValueOrDefault(attack));

    [Theory, MemberData(nameof(OfRoot))]
    public void Without_the_filter_the_other_layers_stop(string attack, string expected)
        => Assert.Equal(expected, runs.OfRootWithoutFilter.Value.GetValueOrDefault(attack));

    [Theory, MemberData(nameof(OfAnybody))]
    public void Without_the_filter_and_without_root_the_other_layers_stop(string attack, string expected)
        => Assert.Equal(expected, runs.OfAnybodyWithoutFilter.Value.GetValueOrDefault(attack));

    [Theory, MemberData(nameof(Messages))]
    public void A_worker_that_breaks_the_rules_of_the_channel_is_killed(string attack, string violation)
    {
        string messages = runs.Site.Messages(RunningFlowd.IsRoot ? Starter.Root : Starter.Anybody, withSeccomp: true, attack);

        Assert.Contains($"({violation}): killed", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("attack ", messages, StringComparison.Ordinal); // it did not live to tell
    }

    [Fact]
    public void A_worker_that_asks_without_end_is_killed()
    {
        string messages = runs.Site.Messages(RunningFlowd.IsRoot ? Starter.Root : Starter.Anybody, withSeccomp: true, Flood);

        Assert.Contains("too many requests", messages, StringComparison.Ordinal);
        Assert.DoesNotContain($"attack {Flood}: done", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_attack_stands_in_the_threat_model()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, "docs", "threat-model.md"));
        IEnumerable<string> rows = Table.Select(row => $"| {row.Attack} | {row.Expected} | {row.WithoutFilterOfRoot} | {row.WithoutFilterOfAnybody} |");

        Assert.Empty(rows.Concat(Violations.Select(rule => $"| {rule.Key} | {rule.Value} |")).Append($"| {Flood} | too many requests |").Except(lines));
    }

    private static TheoryData<string, string> Rows(Func<Row, string> expected)
    {
        var data = new TheoryData<string, string>();
        foreach (Row row in Table.Where(row => expected(row).Length > 0))
            data.Add(row.Attack, expected(row));
        return data;
    }

    /// <summary>What does not kill is tried in one life of the attacker, for all tests.</summary>
    public sealed class Runs : IDisposable
    {
        public Runs()
        {
            OfRoot = new(() => Try(Starter.Root, withSeccomp: true, row => row.Expected));
            OfRootWithoutFilter = new(() => Try(Starter.Root, withSeccomp: false, row => row.WithoutFilterOfRoot));
            OfAnybodyWithoutFilter = new(() => Try(Starter.Anybody, withSeccomp: false, row => row.WithoutFilterOfAnybody));
        }

        public AttackSite Site { get; } = new();

        public Lazy<Dictionary<string, string>> OfRoot { get; }

        public Lazy<Dictionary<string, string>> OfRootWithoutFilter { get; }

        public Lazy<Dictionary<string, string>> OfAnybodyWithoutFilter { get; }

        public void Dispose() => Site.Dispose();

        private Dictionary<string, string> Try(Starter starter, bool withSeccomp, Func<Row, string> expected)
            => Site.Outcomes(starter, withSeccomp, [.. Table.Where(row => expected(row).Length > 0 && expected(row) != Killed).Select(row => row.Attack)]);
    }
}
