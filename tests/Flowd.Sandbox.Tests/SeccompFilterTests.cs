using System;
using System.Linq;
using System.Runtime.InteropServices;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>The compiled filter, run by an interpreter, against what the table says; and the rules that matter most, by name.</summary>
public class SeccompFilterTests
{
    private const uint Own = 4711;
    private const uint Killed = SeccompFilter.KillProcess;
    private const uint Allowed = SeccompFilter.Allow;
    private const ulong Pointer = 0x7FFF_0000_0000;

    public static TheoryData<string, int> Machines => new()
    {
        { nameof(SandboxRole.Parser), (int)Architecture.X64 },
        { nameof(SandboxRole.Worker), (int)Architecture.X64 },
        { nameof(SandboxRole.Metrics), (int)Architecture.X64 },
        { nameof(SandboxRole.Tcp), (int)Architecture.X64 },
        { nameof(SandboxRole.Parser), (int)Architecture.Arm64 },
        { nameof(SandboxRole.Worker), (int)Architecture.Arm64 },
        { nameof(SandboxRole.Metrics), (int)Architecture.Arm64 },
        { nameof(SandboxRole.Tcp), (int)Architecture.Arm64 },
    };

    [Theory, MemberData(nameof(Machines))]
    public void The_program_decides_as_the_table_does(string role, int machine)
    {
        var architecture = (Architecture)machine;
        Roles who = SeccompFilter.RolesOf(Enum.Parse<SandboxRole>(role));
        sock_filter[] program = SeccompFilter.Compile(SystemCalls.Table, who, architecture, Own);
        var random = new Random(1);

        for (uint number = 0; number < 500; number++)
        {
            for (int i = 0; i < 50; i++)
            {
                ulong[] arguments = [.. Enumerable.Range(0, 6).Select(_ => Interesting(random))];
                Assert.Equal(Expected(who, architecture, number, arguments), Bpf.Run(program, WordOf(architecture), number, arguments));
            }
        }
    }

    [Theory, MemberData(nameof(Machines))]
    public void Programs_of_another_machine_are_killed(string role, int machine)
    {
        var architecture = (Architecture)machine;
        sock_filter[] program = SeccompFilter.Compile(SystemCalls.Table, SeccompFilter.RolesOf(Enum.Parse<SandboxRole>(role)), architecture, Own);
        uint exit = architecture == Architecture.X64 ? 231u : 94u;

        Assert.Equal(Allowed, Bpf.Run(program, WordOf(architecture), exit));
        foreach (uint other in (uint[])[0, 0x40000003 /* i386 */, 0x40000028 /* arm */, SeccompFilter.ArchitectureX64 ^ SeccompFilter.ArchitectureArm64 ^ WordOf(architecture)])
            Assert.Equal(Killed, Bpf.Run(program, other, exit));
        Assert.Equal(Killed, Bpf.Run(program, WordOf(architecture), SeccompFilter.X32 | exit));
    }

    [Fact]
    public void Other_machines_have_no_filter()
        => Assert.Throws<PlatformNotSupportedException>(() => SeccompFilter.Compile(SystemCalls.Table, Roles.Worker, Architecture.S390x, Own));

    // Numbers of x86-64.
    [Theory]
    [InlineData("sendto to an address", 44, Killed, 5, Pointer, 8, 0, Pointer, 16)]
    [InlineData("sendto to an address below 4 GiB", 44, Killed, 5, Pointer, 8, 0, 1, 16)]
    [InlineData("sendto to an address of which only the high word is set", 44, Killed, 5, Pointer, 8, 0, 1ul << 32, 16)]
    [InlineData("send", 44, Allowed, 5, Pointer, 8, 0, 0, 0)]
    [InlineData("sendmsg on the channel", 46, Allowed, 3, Pointer, 0, 0, 0, 0)]
    [InlineData("sendmsg elsewhere", 46, Killed, 5, Pointer, 0, 0, 0, 0)]
    [InlineData("recvmsg elsewhere", 47, Killed, 5, Pointer, 0, 0, 0, 0)]
    [InlineData("close of the channel", 3, SeccompFilter.Errno | 9, 3, 0, 0, 0, 0, 0)]
    [InlineData("close of the channel, high word set", 3, SeccompFilter.Errno | 9, 3 | 1ul << 32, 0, 0, 0, 0, 0)]
    [InlineData("close", 3, Allowed, 4, 0, 0, 0, 0, 0)]
    [InlineData("shared memory", 9, Allowed, 0, 4096, 3, 1, 7, 0)]
    [InlineData("executable memory", 9, Killed, 0, 4096, 7, 0x22, 0, 0)]
    [InlineData("memory made executable", 10, Killed, Pointer, 4096, 5, 0, 0, 0)]
    [InlineData("asking for a limit", 302, Allowed, 0, 9, 0, Pointer, 0, 0)]
    [InlineData("setting a limit", 302, Killed, 0, 9, Pointer, 0, 0, 0)]
    [InlineData("the limits of another", 302, Killed, 1, 9, 0, Pointer, 0, 0)]
    [InlineData("a signal to a thread of ours", 234, Allowed, Own, Own, 34, 0, 0, 0)]
    [InlineData("a signal to a thread of others", 234, Killed, 1, 1, 34, 0, 0, 0)]
    [InlineData("open", 2, Killed, Pointer, 0, 0, 0, 0, 0)]
    [InlineData("openat", 257, SeccompFilter.Errno | 2, Pointer, 0, 0, 0, 0, 0)]
    [InlineData("a thread", 435, SeccompFilter.Errno | 1, Pointer, 88, 0, 0, 0, 0)]
    [InlineData("a thread the old way", 56, Killed, 0x10F00, 0, 0, 0, 0, 0)]
    [InlineData("socket", 41, Killed, 2, 2, 0, 0, 0, 0)]
    [InlineData("io_uring_setup", 425, Killed, 8, Pointer, 0, 0, 0, 0)]
    [InlineData("a turn", 72, Allowed, 5, 7, Pointer, 0, 0, 0)]
    [InlineData("F_DUPFD", 72, Killed, 5, 0, 0, 0, 0, 0)]
    [InlineData("F_SETFL", 72, Killed, 5, 4, 0, 0, 0, 0)]
    [InlineData("F_OFD_SETLK", 72, Killed, 5, 37, Pointer, 0, 0, 0)]
    public void Of_the_worker(string what, uint number, uint expected, ulong a, ulong b, ulong c, ulong d, ulong e, ulong f)
        => Check(what, Roles.Worker, number, expected, a, b, c, d, e, f);

    [Theory]
    [InlineData("a thread", 56, Allowed, 0x3D0F00, Pointer, 0, 0, 0, 0)]
    [InlineData("a process", 56, Killed, 17, 0, 0, 0, 0, 0)]
    [InlineData("a thread whose flags are out of sight", 435, SeccompFilter.Errno | 38, Pointer, 88, 0, 0, 0, 0)]
    [InlineData("connect", 42, SeccompFilter.Errno | 13, 5, Pointer, 16, 0, 0, 0)]
    [InlineData("a connection by sendmsg", 46, Killed, 5, Pointer, 0x20000000, 0, 0, 0)]
    [InlineData("a connection by sendto", 44, Killed, 5, Pointer, 1, 0x20000000, 0, 0)]
    [InlineData("a reply", 46, Allowed, 5, Pointer, 0x4000, 0, 0, 0)]
    [InlineData("SO_LINGER", 54, SeccompFilter.Errno | 22, 5, 1, 13, Pointer, 8, 0)]
    [InlineData("TCP_NODELAY", 54, Allowed, 5, 6, 1, Pointer, 4, 0)]
    [InlineData("FIONBIO", 16, Allowed, 5, 0x5421, Pointer, 0, 0, 0)]
    [InlineData("TIOCSTI", 16, Killed, 0, 0x5412, Pointer, 0, 0, 0)]
    [InlineData("F_DUPFD", 72, Killed, 5, 0, 0, 0, 0, 0)]
    [InlineData("the name of a thread", 157, Allowed, 15, Pointer, 0, 0, 0, 0)]
    [InlineData("dumpable", 157, Killed, 4, 1, 0, 0, 0, 0)]
    public void Of_the_metrics_server(string what, uint number, uint expected, ulong a, ulong b, ulong c, ulong d, ulong e, ulong f)
        => Check(what, Roles.Metrics, number, expected, a, b, c, d, e, f);

    [Theory]
    [InlineData("recvmmsg", 299)]
    [InlineData("sendto", 44)]
    [InlineData("ftruncate", 77)]
    public void Not_of_the_parser(string what, uint number) => Check(what, Roles.Parser, number, Killed, 3, 0, 0, 0, 0, 0);

    private static void Check(string what, Roles role, uint number, uint expected, params ulong[] arguments)
    {
        sock_filter[] program = SeccompFilter.Compile(SystemCalls.Table, role, Architecture.X64, Own);
        uint verdict = Bpf.Run(program, SeccompFilter.ArchitectureX64, number, arguments);

        Assert.True(expected == verdict, $"{what}: {verdict:x} instead of {expected:x}");
    }

    // The table read as it is meant, without jumps.
    private static uint Expected(Roles role, Architecture architecture, uint number, ulong[] arguments)
    {
        SystemCall? row = SystemCalls.Table.FirstOrDefault(row =>
            (row.Roles & role) != 0
            && (architecture == Architecture.X64 ? row.X64 : row.Arm64) == (int)number
            && row.Conditions.All(condition => Holds(condition, arguments[condition.Argument])));
        return row is null ? Killed : row.Outcome == Platform.Outcome.Allow ? Allowed : SeccompFilter.Errno | (uint)row.Outcome.Errno;
    }

    private static bool Holds(Condition condition, ulong argument)
    {
        uint low = unchecked((uint)argument);
        return condition.Test switch
        {
            ArgumentTest.IsNull => argument == 0,
            ArgumentTest.LacksBits => (low & condition.Values[0]) == 0,
            ArgumentTest.HasBits => (low & condition.Values[0]) == condition.Values[0],
            ArgumentTest.IsOwnProcess => low == Own,
            _ => condition.Values.Contains(low),
        };
    }

    // Half of the values are some that the conditions ask for.
    private static ulong Interesting(Random random)
    {
        ulong[] values = [0, 0, 1, 2, 3, 4, 13, 15, Own, 0x1000, 0x10000, 0x541B, 0x5421, 0x20000000, 1ul << 32, 3 | 1ul << 32];
        return random.Next(4) == 0 ? (ulong)random.NextInt64() : values[random.Next(values.Length)];
    }

    private static uint WordOf(Architecture architecture)
        => architecture == Architecture.X64 ? SeccompFilter.ArchitectureX64 : SeccompFilter.ArchitectureArm64;
}
