using System.Runtime.InteropServices;

namespace Flowd.Platform;

/// <summary>An account of the system, as getpwnam(3) gives it.</summary>
public sealed record UserAccount(string Name, uint Uid, uint Gid, string Home);

/// <summary>Giving up rights, for good.</summary>
public static class Privileges
{
    public static bool IsRoot => Libc.geteuid() == 0;

    /// <summary>Files that the process makes are its own: mode 0600 and 0700.</summary>
    public static void MakeFilesPrivate() => _ = Libc.umask(0x3F);

    public static unsafe UserAccount? FindUser(string name)
    {
        Libc.passwd* entry = Libc.getpwnam(name);
        return entry is null ? null : new UserAccount(name, entry->pw_uid, entry->pw_gid, Marshal.PtrToStringUTF8((nint)entry->pw_dir) ?? "/");
    }

    /// <summary>
    /// Gives up root: chroot, then groups, then group, then user. In that order, because each step needs the right that the next one
    /// removes. Throws if a step fails; a half-dropped process must not go on.
    /// </summary>
    public static unsafe void Drop(uint uid, uint gid, string root)
    {
        Libc.Check(Libc.chroot(root));
        Libc.Check(Libc.chdir("/"));
        Libc.Check(Libc.setgroups(1, &gid));
        Libc.Check(Libc.setresgid(gid, gid, gid));
        Libc.Check(Libc.setresuid(uid, uid, uid));
    }

    /// <summary>A write beyond the limit for files fails (EFBIG) like one on a full disk, instead of killing the process (SIGXFSZ).</summary>
    public static void SurviveFileSizeLimit() => _ = Libc.signal(Libc.SIGXFSZ, Libc.SIG_IGN);

    /// <summary>No program that this process starts gains rights, and no other process of the user looks into it.</summary>
    public static void Harden()
    {
        Libc.Check(Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        Libc.Check(Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0));
    }
}
