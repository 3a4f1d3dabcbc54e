using System.Runtime.InteropServices;

namespace Flowd.Platform;

// Confinement: prctl(2), capget(2), landlock(7), seccomp(2), getrlimit(2). All of it, but the limits, is done thread by thread.
internal static unsafe partial class Libc
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EBADF = 9;
    public const int EACCES = 13;
    public const int EINVAL = 22;
    public const int ENOSYS = 38;
    public const int EOPNOTSUPP = 95;

    public const int PR_GET_DUMPABLE = 3;
    public const int PR_SET_NAME = 15;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_GET_NO_NEW_PRIVS = 39;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    public const int PR_SET_MDWE = 65;
    public const int PR_GET_MDWE = 66;
    public const int PR_MDWE_REFUSE_EXEC_GAIN = 1;

    public const int CAP_SETPCAP = 8;
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    public const int RLIMIT_CORE = 4;
    public const int RLIMIT_NPROC = 6;
    public const int RLIMIT_NOFILE = 7;

    public const int SYS_landlock_create_ruleset = 444;
    public const int SYS_landlock_restrict_self = 446;
    public const uint LANDLOCK_CREATE_RULESET_VERSION = 1;
    public const uint LANDLOCK_CREATE_RULESET_ERRATA = 2;

    public const uint SECCOMP_SET_MODE_FILTER = 1;
    public const uint SECCOMP_FILTER_FLAG_TSYNC = 1;

    public const int O_PATH = 0x200000;
    public const int SO_LINGER = 13;
    public const uint MSG_FASTOPEN = 0x20000000;

    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct cap_user_header
    {
        public uint version;
        public int pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct cap_user_data
    {
        public uint effective;
        public uint permitted;
        public uint inheritable;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct landlock_ruleset_attr
    {
        public ulong handled_access_fs;
        public ulong handled_access_net;
        public ulong scoped;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct sock_fprog
    {
        public ushort len;
        public sock_filter* filter;
    }

    [LibraryImport(Name)]
    public static partial int getpid();

    [LibraryImport(Name)]
    public static partial int gettid();

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getresuid(uint* ruid, uint* euid, uint* suid);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getresgid(uint* rgid, uint* egid, uint* sgid);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getgroups(int size, uint* list);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int capget(cap_user_header* header, cap_user_data* data);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int capset(cap_user_header* header, cap_user_data* data);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getrlimit(int resource, rlimit* limit);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setrlimit(int resource, rlimit* limit);

    /// <summary>For calls that the C library has no function for.</summary>
    [LibraryImport(Name, SetLastError = true)]
    public static partial nint syscall(nint number, nint argument1, nint argument2, nint argument3);
}

/// <summary>One instruction of classic BPF: struct sock_filter, linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct sock_filter(ushort code, byte jt, byte jf, uint k);
