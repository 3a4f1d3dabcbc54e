using System.Runtime.InteropServices;

namespace Flowd.Platform;

// Who the process is: setresuid(2), setgroups(2), chroot(2), getpwnam(3), prctl(2).
// These must be the libc functions, never syscall(2): only libc changes every thread of the process (nptl(7)).
internal static unsafe partial class Libc
{
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_SET_DUMPABLE = 4;

    [StructLayout(LayoutKind.Sequential)]
    public struct passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial passwd* getpwnam(string name);

    [LibraryImport(Name)]
    public static partial uint geteuid();

    [LibraryImport(Name)]
    public static partial uint umask(uint mask);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setresuid(uint ruid, uint euid, uint suid);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setresgid(uint rgid, uint egid, uint sgid);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setgroups(nuint size, uint* list);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chroot(string path);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
