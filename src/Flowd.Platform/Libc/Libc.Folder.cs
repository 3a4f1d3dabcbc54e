using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

// Files by their name in an open folder, where no symbolic link can lead elsewhere: openat(2), mkdirat(2), renameat2(2), unlinkat(2); locks, fcntl(2).
internal static unsafe partial class Libc
{
    public const int EEXIST = 17;

    public const int AT_REMOVEDIR = 0x200;
    public const uint RENAME_NOREPLACE = 1;

    public const int F_SETLKW = 7;
    public const int F_OFD_SETLK = 37;
    public const short F_RDLCK = 0;
    public const short F_WRLCK = 1;
    public const short F_UNLCK = 2;

    /// <summary>struct flock: of zeros but for its type it stands for a whole file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct flock_t
    {
        public short l_type;
        public short l_whence;
        public long l_start;
        public long l_len;
        public int l_pid;
    }

    // Of the few numbers that are not the same on all processors.
    public static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int openat(SafeFileHandle directory, string path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdirat(SafeFileHandle directory, string path, uint mode);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int renameat2(SafeFileHandle from, string old, SafeFileHandle to, string @new, uint flags);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlinkat(SafeFileHandle directory, string path, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fcntl(SafeFileHandle fd, int command, flock_t* @lock);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fsync(SafeFileHandle fd);
}
