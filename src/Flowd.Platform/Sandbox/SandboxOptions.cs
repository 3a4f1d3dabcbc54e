using System;

namespace Flowd.Platform;

/// <summary>Which process is to be locked in: each role has system calls and limits of its own.</summary>
public enum SandboxRole
{
    /// <summary>Reads one configuration and ends.</summary>
    Parser,

    /// <summary>Receives datagrams and appends to the log.</summary>
    Worker,

    /// <summary>Serves HTTP on a listening socket that it was given; this role and the next start threads.</summary>
    Metrics,

    /// <summary>Takes connections of exporters on listening sockets that it was given.</summary>
    Tcp,

    /// <summary>Mends a log, or compresses it once more, and ends.</summary>
    Finisher,
}

/// <summary>What holds a process in. Each layer is of use without the others: docs/threat-model.md.</summary>
[Flags]
public enum SandboxLayers : uint // a child that was taken over may name any: no conversion of its number overflows
{
    None,

    /// <summary>An empty root directory, an account of its own, no group but that account's, no capability.</summary>
    User = 1,

    /// <summary>No program that the process could start would gain rights (PR_SET_NO_NEW_PRIVS).</summary>
    NoNewPrivileges = 2,

    /// <summary>No file can be opened or made, no TCP port bound or connected to, and as far as the kernel knows it, no other process be signalled.</summary>
    Landlock = 4,

    /// <summary>Only the system calls of <see cref="SystemCalls"/>; anything else kills the process.</summary>
    Seccomp = 8,

    /// <summary>No core dump, few descriptors, no new process; no other process of the user looks into it.</summary>
    Limits = 16,

    /// <summary>Memory that was writable never becomes executable (PR_SET_MDWE).</summary>
    DenyWriteExecute = 32,
}

/// <summary>How a process is to be locked in.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Uid">The user to become; ignored without a root directory.</param>
/// <param name="Gid">The group to become, the only one; ignored without a root directory.</param>
/// <param name="Root">The directory to be locked in; null to stay who we are.</param>
public sealed record SandboxOptions(SandboxRole Role, uint Uid, uint Gid, string? Root);
