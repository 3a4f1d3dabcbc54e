using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

// Sockets: socket(2), recvmmsg(2), sendmsg(2), cmsg(3), unix(7), ip(7), ipv6(7).
internal static unsafe partial class Libc
{
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;

    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_SEQPACKET = 5;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;

    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_TYPE = 3;
    public const int SO_SNDBUF = 7;
    public const int SO_RCVBUF = 8;
    public const int SO_REUSEPORT = 15;
    public const int SO_ACCEPTCONN = 30;
    public const int SO_SNDBUFFORCE = 32;
    public const int SO_RCVBUFFORCE = 33;
    public const int SO_TIMESTAMPNS = 35;
    public const int SO_RXQ_OVFL = 40;
    public const int SO_ATTACH_REUSEPORT_CBPF = 51;
    public const int SCM_RIGHTS = 1;

    public const int IPPROTO_IP = 0;
    public const int IP_ADD_MEMBERSHIP = 35;
    public const int IP_DROP_MEMBERSHIP = 36;
    public const int IPPROTO_IPV6 = 41;
    public const int IPV6_JOIN_GROUP = 20;
    public const int IPV6_LEAVE_GROUP = 21;
    public const int IPV6_V6ONLY = 26;

    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_CTRUNC = 8;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>sizeof(struct sockaddr_in6), the longest address of the network families.</summary>
    public const int SockaddrLength = 28;

    [StructLayout(LayoutKind.Sequential)]
    public struct iovec
    {
        public void* iov_base;
        public nuint iov_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct mmsghdr
    {
        public msghdr msg_hdr;
        public uint msg_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct cmsghdr
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
    }

    [LibraryImport(Name, SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int bind(SafeFileHandle fd, byte* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int listen(SafeFileHandle fd, int backlog);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getsockname(SafeFileHandle fd, byte* address, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int connect(SafeFileHandle fd, byte* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setsockopt(SafeFileHandle fd, int level, int name, void* value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getsockopt(SafeFileHandle fd, int level, int name, void* value, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int recvmmsg(int fd, mmsghdr* messages, uint count, int flags, timespec* timeout);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint recvmsg(SafeFileHandle fd, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint sendmsg(SafeFileHandle fd, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint send(SafeFileHandle fd, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint if_nametoindex(string name);
}
