using System;
using System.ComponentModel;
using System.IO;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Opening stream sockets that listen, for who accepts connections in another process.</summary>
public static unsafe class StreamSocket
{
    private const int Backlog = 1024;

    /// <summary>The umask for a socket that is for everybody, as a TCP socket of loopback is: mode 0666.</summary>
    private const uint PublicSocket = 0x49; // 0111

    /// <summary>A TCP socket that listens; an IPv6 one takes IPv6 only. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static SafeFileHandle Listen(Endpoint endpoint)
    {
        bool isIPv6 = endpoint.Address.Family == AddressFamily.IPv6;
        SafeFileHandle socket = Open(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET);
        Span<byte> address = stackalloc byte[Libc.SockaddrLength];
        int length = endpoint.Write(address);
        try
        {
            Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR);
            if (isIPv6)
                Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY);
            Bind(socket, address[..length]);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An AF_UNIX socket that listens at <paramref name="path"/>, open to everybody. A dead socket there is replaced.</summary>
    public static SafeFileHandle ListenUnix(string path)
    {
        Span<byte> address = stackalloc byte[UnixAddress.Length];
        int length = UnixAddress.Write(path, address);
        SafeFileHandle socket = Open(Libc.AF_UNIX);
        try
        {
            if (IsDeadSocket(path, address[..length]))
                File.Delete(path);
            BindPublic(socket, address[..length]);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes a socket that <see cref="ListenUnix"/> made. What is there instead by now stays, and if nothing is there that is fine.</summary>
    public static void Remove(string path)
    {
        try
        {
            if (FileOwner.Of(path).IsSocket)
                File.Delete(path);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
        }
    }

    // It has its mode from the first moment: a chmod after it would go to where somebody might have put a link meanwhile.
    private static void BindPublic(SafeFileHandle socket, ReadOnlySpan<byte> address)
    {
        uint mask = Libc.umask(PublicSocket);
        try
        {
            Bind(socket, address);
        }
        finally
        {
            _ = Libc.umask(mask);
        }
    }

    // Left by a process that is gone: nobody answers. A file that is no socket stays, and binding fails.
    private static bool IsDeadSocket(string path, ReadOnlySpan<byte> address)
    {
        if (!File.Exists(path))
            return false;
        using SafeFileHandle probe = Open(Libc.AF_UNIX);
        fixed (byte* start = address)
            return Libc.connect(probe, start, (uint)address.Length) != 0 && Libc.Errno == Libc.ECONNREFUSED && FileOwner.Of(path).IsSocket;
    }

    private static SafeFileHandle Open(int domain)
        => Descriptors.Own(Libc.socket(domain, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");

    private static void Bind(SafeFileHandle socket, ReadOnlySpan<byte> address)
    {
        fixed (byte* start = address)
            Libc.Check(Libc.bind(socket, start, (uint)address.Length));
        Libc.Check(Libc.listen(socket, Backlog));
    }

    private static void Set(SafeFileHandle socket, int level, int name)
    {
        int one = 1;
        Libc.Check(Libc.setsockopt(socket, level, name, &one, sizeof(int)), $"setsockopt {name}");
    }
}
