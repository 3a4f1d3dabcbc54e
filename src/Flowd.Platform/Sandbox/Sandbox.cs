using System;
using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// Locks this process in, for good and before it reads the first hostile octet. To be called once, before any thread is started, with all files read
/// that will be needed, the time zone among them. A program that serves HTTP builds its server before, and starts it after.
/// </summary>
public static class Sandbox
{
    /// <summary>Every layer there is, for a process that root started, or another.</summary>
    public static SandboxLayers AllFor(bool asRoot)
    {
        const SandboxLayers others = SandboxLayers.NoNewPrivileges | SandboxLayers.Landlock | SandboxLayers.Seccomp | SandboxLayers.Limits
            | SandboxLayers.DenyWriteExecute;
        return asRoot ? others | SandboxLayers.User : others;
    }

    /// <summary>
    /// Applies every layer that the kernel has to every thread, looks whether each holds, and returns those. Throws <see cref="Win32Exception"/> or
    /// <see cref="InvalidOperationException"/> if a step fails that should work: a half-dropped process must not go on.
    /// </summary>
    public static SandboxLayers Enter(SandboxOptions options) => Enter(options, withSeccomp: true);

    /// <summary>The same; without the filter of system calls a test sees what the other layers stop.</summary>
    internal static SandboxLayers Enter(SandboxOptions options, bool withSeccomp)
    {
        // First what needs /proc and rights: which threads there are, what the runtime reads late, the limits (raising one takes a right).
        ProcessThreads threads = ProcessThreads.Find();
        ReadWhatIsReadLate();
        ResourceLimits.Apply(options.Role);
        SandboxLayers layers = SandboxLayers.Limits | SandboxLayers.NoNewPrivileges;

        // Then who we are. The bounding set goes before the user does, because that takes a right; the capabilities after, because to change the
        // user takes some. Both go as well where the user stays.
        threads.OnEach(Capabilities.DropBoundingSet);
        if (options.Root is { } root)
        {
            Privileges.Drop(options.Uid, options.Gid, root);
            threads.OnEach(() => Privileges.Verify(options.Uid, options.Gid));
            layers |= SandboxLayers.User;
        }

        threads.OnEach(Capabilities.DropAll);

        // Then what needs no right. A change of user makes a process dumpable or not, as the system is set up: so that comes after.
        // no_new_privs is what Landlock and seccomp ask for, of those who are not root.
        Privileges.HideFromOthers();
        threads.OnEach(Privileges.RefuseNew);
        if (RestrictFiles(threads))
            layers |= SandboxLayers.Landlock;
        if (Privileges.TryDenyWriteExecute())
            layers |= SandboxLayers.DenyWriteExecute;

        // Last the filter: it forbids everything above.
        if (withSeccomp && SeccompFilter.TryApply(options.Role))
        {
            threads.OnEach(VerifyFilter);
            layers |= SandboxLayers.Seccomp;
        }

        return layers;
    }

    private static bool RestrictFiles(ProcessThreads threads)
    {
        using Landlock? landlock = Landlock.TryCreate();
        if (landlock is null)
            return false;
        threads.OnEach(landlock.RestrictThread);
        return true;
    }

    // The secret that hash codes of strings are mixed with comes from /dev/urandom, which the runtime then keeps open; without it, it would be
    // one that can be guessed.
    private static void ReadWhatIsReadLate()
    {
        _ = string.GetHashCode("", StringComparison.Ordinal);
        _ = HashCode.Combine(0);
    }

    // Without the filter this would succeed, or Landlock would say EACCES.
    private static void VerifyFilter()
    {
        int directory = Libc.open("/", Libc.O_PATH | Libc.O_CLOEXEC, 0);
        if (directory < 0 && Libc.Errno == Libc.ENOENT)
            return;
        if (directory >= 0)
            new SafeFileHandle(directory, ownsHandle: true).Dispose();
        throw new Win32Exception(Libc.EPERM, "seccomp does not hold");
    }
}
