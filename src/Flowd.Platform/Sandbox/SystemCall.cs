using System;

namespace Flowd.Platform;

/// <summary>The roles that a row of <see cref="SystemCalls"/> is for.</summary>
[Flags]
internal enum Roles
{
    Parser = 1,
    Worker = 2,
    Metrics = 4,
    Finisher = 8,
    Tcp = 16,
    Servers = Metrics | Tcp,
    Writers = Worker | Finisher,
    Confined = Parser | Worker | Finisher,
    All = Parser | Worker | Metrics | Finisher | Tcp,
}

/// <summary>What becomes of a system call: it is made, or it fails with an error number.</summary>
internal readonly record struct Outcome(int Errno)
{
    public static readonly Outcome Allow = new(0);
}

/// <summary>How a condition looks at an argument.</summary>
internal enum ArgumentTest
{
    /// <summary>The low 32 bits, which are all that the kernel takes of an int, are one of the values.</summary>
    IsOneOf,

    /// <summary>All 64 bits are zero: a null pointer.</summary>
    IsNull,

    /// <summary>No bit of the value is set in the low 32.</summary>
    LacksBits,

    /// <summary>All bits of the value are set in the low 32.</summary>
    HasBits,

    /// <summary>The id of the process that is confined.</summary>
    IsOwnProcess,
}

/// <summary>A condition on one argument of a system call, counted from 0.</summary>
internal sealed record Condition(int Argument, ArgumentTest Test, params uint[] Values)
{
    public static Condition Is(int argument, params uint[] values) => new(argument, ArgumentTest.IsOneOf, values);

    public static Condition Null(int argument) => new(argument, ArgumentTest.IsNull);

    public static Condition Without(int argument, uint bits) => new(argument, ArgumentTest.LacksBits, bits);

    public static Condition With(int argument, uint bits) => new(argument, ArgumentTest.HasBits, bits);

    public static Condition OwnProcess(int argument) => new(argument, ArgumentTest.IsOwnProcess);
}

/// <summary>
/// One row of the list. The first row decides whose number is that of the call and whose conditions all hold. If none does, the process is killed.
/// </summary>
/// <param name="Name">As in the manual.</param>
/// <param name="X64">The number on x86-64; -1 if there is none.</param>
/// <param name="Arm64">The number on arm64; -1 if there is none.</param>
/// <param name="Roles">Who may.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Reason">Why it is on the list.</param>
/// <param name="Conditions">What must be true of its arguments.</param>
internal sealed record SystemCall(string Name, int X64, int Arm64, Roles Roles, Outcome Outcome, string Reason, params Condition[] Conditions);
