using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>The table of system calls: its numbers are those of the kernel's headers, and nothing dangerous has slipped in.</summary>
public partial class SystemCallsTests
{
    // Whoever may make one of these is not confined any more.
    private static readonly string[] Never =
    [
        "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill", "pidfd_open", "pidfd_getfd",
        "pidfd_send_signal", "open", "creat", "openat2", "open_by_handle_at", "connect", "bind", "mount", "umount2", "unshare", "setns",
        "chroot", "pivot_root", "setuid", "setresuid", "setresgid", "setgroups", "capset", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup",
        "io_uring_enter", "keyctl", "add_key", "request_key", "init_module", "finit_module", "kexec_load", "seccomp", "memfd_create", "dup", "dup2",
        "dup3", "sendmmsg", "fchdir", "fchmod", "fchown", "setrlimit", "personality", "modify_ldt", "shmget", "mlock", "splice", "vmsplice", "pkey_mprotect",
    ];

    [Fact]
    public void The_numbers_of_x86_64_are_those_of_the_headers()
        => CheckNumbers("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", row => row.X64);

    [Fact]
    public void The_numbers_of_arm64_are_those_of_the_headers()
        => CheckNumbers("/usr/include/asm-generic/unistd.h", row => row.Arm64);

    // The server calls listen on the sockets that it was given; without socket and bind nobody has others.
    [Fact]
    public void No_call_is_there_that_leads_out()
        => Assert.Empty(SystemCalls.Table.Where(row => row.Outcome == Outcome.Allow && (row.Name, row.Roles) != ("listen", Roles.Servers)).Select(row => row.Name).Intersect(Never));

    [Fact]
    public void Every_row_has_a_reason_and_somebody_who_needs_it()
    {
        Assert.All(SystemCalls.Table, row => Assert.NotEmpty(row.Reason));
        Assert.All(SystemCalls.Table, row => Assert.NotEqual((Roles)0, row.Roles));
        Assert.All(SystemCalls.Table, row => Assert.True(row.X64 >= 0 || row.Arm64 >= 0, row.Name));
    }

    /// <summary>A row behind one that has no conditions is never reached.</summary>
    [Theory]
    [InlineData((int)Roles.Parser)]
    [InlineData((int)Roles.Worker)]
    [InlineData((int)Roles.Metrics)]
    [InlineData((int)Roles.Tcp)]
    public void Every_row_can_be_reached(int role)
    {
        var decided = new HashSet<string>();
        foreach (SystemCall row in SystemCalls.Table.Where(row => ((int)row.Roles & role) != 0))
        {
            Assert.DoesNotContain(row.Name, decided);
            if (row.Conditions.Length == 0)
                decided.Add(row.Name);
        }
    }

    private static void CheckNumbers(string header, System.Func<SystemCall, int> number)
    {
        if (!File.Exists(header))
            Assert.Skip($"needs {header}");
        var numbers = new Dictionary<string, int>();
        foreach (Match match in Definition().Matches(File.ReadAllText(header)))
            numbers.TryAdd(match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

        if (numbers.TryGetValue("fstatat", out int generic))
            numbers.TryAdd("newfstatat", generic); // its name where there is no older one

        foreach (SystemCall row in SystemCalls.Table)
            Assert.True(numbers.GetValueOrDefault(row.Name, -1) == number(row), $"{row.Name} is {numbers.GetValueOrDefault(row.Name, -1)}");
    }

    // In the generic header, calls that differ between 32 and 64 bits have a prefix of their own.
    [GeneratedRegex(@"^#define __NR(?:3264)?_(\w+)\s+(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
