using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

// Descriptors: open(2), poll(2), dup2(2), memfd_create(2), fcntl(2).
internal static unsafe partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;

    public const short POLLIN = 1;
    public const short POLLOUT = 4;

    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_ALLOW_SEALING = 2;

    public const int F_SETFD = 2;
    public const int F_SETFL = 4;
    public const int FD_CLOEXEC = 1;
    public const int F_ADD_SEALS = 1033;

    public const int F_SEAL_SEAL = 1;
    public const int F_SEAL_SHRINK = 2;
    public const int F_SEAL_GROW = 4;
    public const int F_SEAL_WRITE = 8;

    public const int AT_FDCWD = -100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const uint STATX_NLINK = 4;
    public const uint STATX_BASIC_STATS = 0x7FF;

    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_SHARED = 1;
    public const int MAP_PRIVATE = 2;

    /// <summary>The beginning of struct statx, which is the same on all processors; 256 octets in all.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct statx_t
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort spare;
        public ulong stx_ino;
        public ulong stx_size;
        public fixed byte others[88]; // times, the device that the file is, if it is one
        public uint stx_dev_major;
        public uint stx_dev_minor;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int dup2(SafeFileHandle oldfd, int newfd);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int poll(pollfd* fds, nuint nfds, int timeout);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int ftruncate(SafeFileHandle fd, long length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fcntl(SafeFileHandle fd, int command, int argument);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int directory, string path, int flags, uint mask, statx_t* result);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint mmap(void* address, nuint length, int protection, int flags, SafeFileHandle fd, nint offset);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int munmap(void* address, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int eventfd(uint initval, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint read(SafeFileHandle fd, void* buffer, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int nanosleep(timespec* request, timespec* remaining);
}
