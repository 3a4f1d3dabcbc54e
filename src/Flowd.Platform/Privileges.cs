using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>An account of the system, as getpwnam(3) gives it.</summary>
public sealed record UserAccount(string Name, uint Uid, uint Gid, string Home);

/// <summary>Giving up rights, for good. <see cref="Sandbox"/> does all of it in the right order.</summary>
public static unsafe class Privileges
{
    public static bool IsRoot => Libc.geteuid() == 0;

    /// <summary>Files that the process makes are its own: mode 0600 and 0700.</summary>
    public static void MakeFilesPrivate() => _ = Libc.umask(0x3F);

    public static UserAccount? FindUser(string name)
    {
        Libc.passwd* entry = Libc.getpwnam(name);
        return entry is null ? null : new UserAccount(name, entry->pw_uid, entry->pw_gid, Marshal.PtrToStringUTF8((nint)entry->pw_dir) ?? "/");
    }

    /// <summary>
    /// Gives up root: chroot, then groups, then group, then user. In that order, because each step needs the right that the next one
    /// removes. Throws if a step fails; a half-dropped process must not go on.
    /// </summary>
    public static void Drop(uint uid, uint gid, string root)
    {
        Libc.Check(Libc.chroot(root));
        Libc.Check(Libc.chdir("/"));
        Libc.Check(Libc.setgroups(1, &gid));
        Libc.Check(Libc.setresgid(gid, gid, gid));
        Libc.Check(Libc.setresuid(uid, uid, uid));
    }

    /// <summary>A write beyond the limit for files fails (EFBIG) like one on a full disk, instead of killing the process (SIGXFSZ).</summary>
    public static void SurviveFileSizeLimit() => _ = Libc.signal(Libc.SIGXFSZ, Libc.SIG_IGN);

    /// <summary>Others who want the processor come first.</summary>
    public static void BeNice() => _ = Libc.nice(10);

    /// <summary>
    /// Becomes a command that a shell reads, without the rights that this process has: as that user, unless it is null. The file is its standard
    /// input. Throws <see cref="Win32Exception"/> if that cannot be.
    /// </summary>
    public static void Become((uint Uid, uint Gid)? user, string command, string argument, SafeFileHandle input)
    {
        RefuseNew();
        if (user is var (uid, gid))
        {
            Libc.Check(Libc.setgroups(1, &gid));
            Libc.Check(Libc.setresgid(gid, gid, gid));
            Libc.Check(Libc.setresuid(uid, uid, uid));
        }

        Libc.Check(Libc.dup2(input, 0));
        Libc.Check(Libc.chdir("/"));
        ChildProcess.Execute("/bin/sh", ["sh", "-c", command + " \"$@\"", "sh", argument]);
    }

    /// <summary>Throws if the calling thread is not of that user, that group and no other, or could become root again.</summary>
    internal static void Verify(uint uid, uint gid)
    {
        uint real, effective, saved, group;
        Libc.Check(Libc.getresuid(&real, &effective, &saved));
        bool isUser = real == uid && effective == uid && saved == uid;
        Libc.Check(Libc.getresgid(&real, &effective, &saved));
        bool isGroup = real == gid && effective == gid && saved == gid;
        if (!isUser || !isGroup || Libc.getgroups(1, &group) != 1 || group != gid)
            throw new Win32Exception(Libc.EPERM, "the user does not hold");
    }

    /// <summary>No program that the calling thread starts gains rights.</summary>
    internal static void RefuseNew()
    {
        Libc.Check(Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
        if (Libc.prctl(Libc.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
            throw new Win32Exception(Libc.EPERM, "no_new_privs does not hold");
    }

    /// <summary>No other process of the user looks into this one, and no core of it is written.</summary>
    internal static void HideFromOthers()
    {
        Libc.Check(Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0), "PR_SET_DUMPABLE");
        if (Libc.prctl(Libc.PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
            throw new Win32Exception(Libc.EPERM, "the process can still be looked into");
    }

    /// <summary>Memory never becomes executable; false if the kernel cannot see to that (before Linux 6.3).</summary>
    internal static bool TryDenyWriteExecute()
    {
        if (Libc.prctl(Libc.PR_SET_MDWE, Libc.PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0)
            return Libc.Errno is Libc.EINVAL or Libc.ENOSYS or Libc.EOPNOTSUPP ? false : throw new Win32Exception(Libc.Errno, "PR_SET_MDWE");
        return Libc.prctl(Libc.PR_GET_MDWE, 0, 0, 0, 0) == Libc.PR_MDWE_REFUSE_EXEC_GAIN
            ? true
            : throw new Win32Exception(Libc.EPERM, "memory can still become executable");
    }
}
