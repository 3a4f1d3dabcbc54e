using System.Collections.Generic;

namespace Flowd.Platform;

/// <summary>Signals that end a process, for people.</summary>
internal static class Signals
{
    private static readonly Dictionary<int, string> Meanings = new()
    {
        [4] = "an illegal instruction",
        [6] = "it gave up by itself",
        [7] = "a bus error",
        [Libc.SIGKILL] = "killed by hand, by flowd, or for want of memory",
        [11] = "a memory fault",
        [Libc.SIGTERM] = "asked to end",
        [Libc.SIGXFSZ] = "a file grew beyond its limit",
        [31] = "a system call that the sandbox forbids", // SIGSYS
    };

    public static string Describe(int signal)
        => Meanings.TryGetValue(signal, out string? meaning) ? $"signal {signal}, {meaning}" : $"signal {signal}";
}
