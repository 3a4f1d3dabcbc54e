using System;
using System.ComponentModel;

namespace Flowd.Platform;

/// <summary>What a role may use up at most, getrlimit(2).</summary>
internal static unsafe class ResourceLimits
{
    /// <summary>A reload holds the old and the new sockets at once: twice 1024 listeners and 1024 forwarders, and some more.</summary>
    private const ulong WorkerDescriptors = 2 * (1024 + 1024) + 64;

    private const ulong ParserDescriptors = 16;
    private const ulong MetricsDescriptors = 1024;

    /// <summary>As many connections as can be configured, and 1024 lines with a listening socket and a pair each, twice during a reload.</summary>
    private const ulong TcpDescriptors = 16_384 + 4 * 1024 + 64;

    public static void Apply(SandboxRole role)
    {
        Set(Libc.RLIMIT_CORE, 0, "RLIMIT_CORE");
        Set(Libc.RLIMIT_NOFILE, DescriptorsOf(role), "RLIMIT_NOFILE");
        if (role is not (SandboxRole.Metrics or SandboxRole.Tcp)) // they start threads, which count as processes
            Set(Libc.RLIMIT_NPROC, 0, "RLIMIT_NPROC");
    }

    private static ulong DescriptorsOf(SandboxRole role) => role switch
    {
        SandboxRole.Parser or SandboxRole.Finisher => ParserDescriptors,
        SandboxRole.Worker => WorkerDescriptors,
        SandboxRole.Tcp => TcpDescriptors,
        _ => MetricsDescriptors,
    };

    // Not beyond what we were given: to raise a limit takes a right that the monitor may not have either.
    private static void Set(int resource, ulong most, string name)
    {
        Libc.rlimit limit;
        Libc.Check(Libc.getrlimit(resource, &limit), name);
        ulong value = Math.Min(most, limit.rlim_max);
        limit = new Libc.rlimit { rlim_cur = value, rlim_max = value };
        Libc.Check(Libc.setrlimit(resource, &limit), name);
        Libc.Check(Libc.getrlimit(resource, &limit), name);
        if (limit.rlim_cur != value || limit.rlim_max != value)
            throw new Win32Exception(Libc.EPERM, $"{name} does not hold");
    }
}
