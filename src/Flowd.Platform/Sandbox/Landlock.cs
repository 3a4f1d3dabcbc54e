using System;
using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// A Landlock ruleset without any rule: everything that the kernel lets it handle is refused. What is open already stays usable. The numbers are
/// those of linux/landlock.h; each version of the interface knows what those before it know.
/// </summary>
internal sealed unsafe class Landlock(SafeFileHandle ruleset) : IDisposable
{
    private readonly record struct Version(int Number, int FileRights, int NetworkRights, int Scopes, int Length);

    /// <summary>How many bits of each mask a version knows, and how long it expects the structure to be.</summary>
    private static readonly Version[] Versions =
    [
        new(1, 13, 0, 0, 8),
        new(2, 14, 0, 0, 8),  // refer
        new(3, 15, 0, 0, 8),  // truncate
        new(4, 15, 2, 0, 16), // bind and connect of TCP
        new(5, 16, 2, 0, 16), // ioctl of devices
        new(6, 16, 2, 2, 24), // scopes: abstract UNIX sockets, signals
    ];

    private const ulong ScopeOfAbstractSockets = 1;

    /// <summary>Erratum 2 of Landlock is repaired: threads of one process may signal each other whatever their domains are.</summary>
    private const nint SignalErratum = 1 << 1;

    /// <summary>Null if the kernel has no Landlock, or it is switched off.</summary>
    public static Landlock? TryCreate()
    {
        nint newest = Libc.syscall(Libc.SYS_landlock_create_ruleset, 0, 0, (nint)Libc.LANDLOCK_CREATE_RULESET_VERSION);
        if (newest < 1)
            return null;
        Version version = Versions[(int)Math.Min(newest, Versions.Length) - 1];
        var attributes = new Libc.landlock_ruleset_attr
        {
            handled_access_fs = Bits(version.FileRights),
            handled_access_net = Bits(version.NetworkRights),
            scoped = ScopesOf(version),
        };
        int ruleset = (int)Libc.syscall(Libc.SYS_landlock_create_ruleset, (nint)(&attributes), version.Length, 0);
        return new Landlock(Descriptors.Own(ruleset, "landlock_create_ruleset"));
    }

    /// <summary>Confines the calling thread for good, and proves it. Needs no_new_privs.</summary>
    public void RestrictThread()
    {
        Libc.Check((int)Libc.syscall(Libc.SYS_landlock_restrict_self, ruleset.DangerousGetHandle(), 0, 0), "landlock_restrict_self");
        int directory = Libc.open("/", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (directory < 0 && Libc.Errno == Libc.EACCES)
            return;
        if (directory >= 0)
            new SafeFileHandle(directory, ownsHandle: true).Dispose();
        throw new Win32Exception(Libc.EPERM, "Landlock does not hold");
    }

    public void Dispose() => ruleset.Dispose();

    // Each thread has a domain of its own. Before the erratum was repaired the garbage collector could not interrupt a thread of its own process.
    private static ulong ScopesOf(Version version)
    {
        ulong scopes = Bits(version.Scopes);
        nint repaired = Libc.syscall(Libc.SYS_landlock_create_ruleset, 0, 0, (nint)Libc.LANDLOCK_CREATE_RULESET_ERRATA);
        return repaired > 0 && (repaired & SignalErratum) != 0 ? scopes : scopes & ScopeOfAbstractSockets;
    }

    private static ulong Bits(int count) => (1ul << count) - 1;
}
