using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Flowd.Platform;

/// <summary>Compiles <see cref="SystemCalls"/> to classic BPF, as seccomp(2) runs it for each system call, and puts it in force.</summary>
internal static class SeccompFilter
{
    public const uint KillProcess = 0x80000000; // SECCOMP_RET_KILL_PROCESS
    public const uint Errno = 0x00050000;       // SECCOMP_RET_ERRNO
    public const uint Allow = 0x7FFF0000;       // SECCOMP_RET_ALLOW

    public const uint ArchitectureX64 = 0xC000003E;   // AUDIT_ARCH_X86_64
    public const uint ArchitectureArm64 = 0xC00000B7; // AUDIT_ARCH_AARCH64

    /// <summary>Numbers from here on are those of x32 programs, which share the architecture word with x86-64.</summary>
    public const uint X32 = 0x40000000;

    // linux/bpf_common.h
    public const ushort LoadWord = 0x20;     // BPF_LD | BPF_W | BPF_ABS
    public const ushort JumpIfEqual = 0x15;  // BPF_JMP | BPF_JEQ | BPF_K
    public const ushort JumpIfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    public const ushort And = 0x54;          // BPF_ALU | BPF_AND | BPF_K
    public const ushort Return = 0x06;       // BPF_RET | BPF_K

    // struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits. Both machines are little-endian.
    public const uint OffsetOfNumber = 0;
    public const uint OffsetOfArchitecture = 4;
    public const uint OffsetOfArguments = 16;

    /// <summary>Puts the list of the role in force for every thread; false if the kernel has no such filters.</summary>
    public static unsafe bool TryApply(SandboxRole role)
    {
        sock_filter[] program = Compile(SystemCalls.Table, RolesOf(role), RuntimeInformation.ProcessArchitecture, (uint)Libc.getpid());
        fixed (sock_filter* start = program)
        {
            var description = new Libc.sock_fprog { len = (ushort)program.Length, filter = start };
            int number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 317 : 277; // seccomp(2)
            nint result = Libc.syscall(number, (nint)Libc.SECCOMP_SET_MODE_FILTER, (nint)Libc.SECCOMP_FILTER_FLAG_TSYNC, (nint)(&description));
            if (result > 0)
                throw new InvalidOperationException($"seccomp: thread {result} has a filter of its own");
            if (result < 0 && Libc.Errno is Libc.ENOSYS or Libc.EINVAL)
                return false;
            Libc.Check((int)result, "seccomp");
            return true;
        }
    }

    public static Roles RolesOf(SandboxRole role) => role switch
    {
        SandboxRole.Parser => Roles.Parser,
        SandboxRole.Worker => Roles.Worker,
        SandboxRole.Finisher => Roles.Finisher,
        SandboxRole.Tcp => Roles.Tcp,
        _ => Roles.Metrics,
    };

    public static sock_filter[] Compile(IEnumerable<SystemCall> table, Roles role, Architecture architecture, uint ownProcess)
    {
        bool isX64 = architecture == Architecture.X64;
        if (!isX64 && architecture != Architecture.Arm64)
            throw new PlatformNotSupportedException($"no list of system calls for {architecture}");
        List<sock_filter> program =
        [
            new(LoadWord, 0, 0, OffsetOfArchitecture),
            new(JumpIfEqual, 1, 0, isX64 ? ArchitectureX64 : ArchitectureArm64),
            new(Return, 0, 0, KillProcess),
        ];
        if (isX64)
        {
            program.Add(new(LoadWord, 0, 0, OffsetOfNumber));
            program.Add(new(JumpIfAtLeast, 0, 1, X32));
            program.Add(new(Return, 0, 0, KillProcess));
        }

        foreach (SystemCall row in table.Where(row => (row.Roles & role) != 0))
        {
            int number = isX64 ? row.X64 : row.Arm64;
            if (number >= 0)
                AddRow(program, row, (uint)number, ownProcess);
        }

        program.Add(new(Return, 0, 0, KillProcess));
        return [.. program];
    }

    // Load the number, and where it or a condition is another, jump behind the row.
    private static void AddRow(List<sock_filter> program, SystemCall row, uint number, uint ownProcess)
    {
        var body = new List<sock_filter>();
        foreach (Condition condition in row.Conditions.Reverse())
            body.InsertRange(0, Test(condition, ownProcess, toEnd: body.Count + 1));
        body.Add(new(Return, 0, 0, row.Outcome == Outcome.Allow ? Allow : Errno | (uint)row.Outcome.Errno));
        program.Add(new(LoadWord, 0, 0, OffsetOfNumber));
        program.Add(new(JumpIfEqual, 0, (byte)body.Count, number));
        program.AddRange(body);
    }

    // toEnd: how many instructions follow the test, up to the end of the row.
    private static sock_filter[] Test(Condition condition, uint ownProcess, int toEnd)
    {
        uint low = OffsetOfArguments + 8 * (uint)condition.Argument;
        var load = new sock_filter(LoadWord, 0, 0, low);
        return condition.Test switch
        {
            ArgumentTest.IsNull =>
            [
                load,
                new(JumpIfEqual, 0, (byte)(toEnd + 2), 0),
                new(LoadWord, 0, 0, low + 4),
                new(JumpIfEqual, 0, (byte)toEnd, 0),
            ],
            ArgumentTest.LacksBits => [load, new(And, 0, 0, condition.Values[0]), new(JumpIfEqual, 0, (byte)toEnd, 0)],
            ArgumentTest.HasBits => [load, new(And, 0, 0, condition.Values[0]), new(JumpIfEqual, 0, (byte)toEnd, condition.Values[0])],
            ArgumentTest.IsOwnProcess => [load, new(JumpIfEqual, 0, (byte)toEnd, ownProcess)],
            _ => [load, .. AnyOf(condition.Values, toEnd)],
        };
    }

    private static IEnumerable<sock_filter> AnyOf(uint[] values, int toEnd)
        => values.Select((value, i) => new sock_filter(
            JumpIfEqual,
            (byte)(values.Length - 1 - i),
            (byte)(i == values.Length - 1 ? toEnd : 0),
            value));
}
