using System;
using System.Collections.Generic;
using System.ComponentModel;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Opening datagram sockets: to receive on, to forward from, and the local one that the log is relayed to.</summary>
public static unsafe class DatagramSocket
{
    /// <summary>In octets, asked for where the configuration does not say: 29,000 datagrams of 1,400 octets, which is how long a worker may be away when 20,000 come each second: 1.4 seconds.</summary>
    public const int DefaultReceiveBuffer = 32 << 20;

    /// <summary>
    /// Binds a non-blocking UDP socket that gives kernel time stamps and the count of datagrams dropped for want of room. An IPv6 socket takes
    /// IPv6 only. Throws <see cref="Win32Exception"/>.
    /// </summary>
    public static SafeFileHandle Listen(Endpoint endpoint) => Listen(endpoint, isShared: false);

    /// <summary>
    /// Binds so many sockets to the same place; each gets the datagrams of those senders whose <see cref="Share"/> has its number, and all get what
    /// is sent to a multicast group. What came in while they were bound may be in the wrong one. Throws <see cref="Win32Exception"/>.
    /// </summary>
    public static SafeFileHandle[] ListenTogether(Endpoint endpoint, int count)
    {
        Listen(endpoint).Dispose(); // with others of the same user it would be shared unasked
        var sockets = new List<SafeFileHandle>();
        try
        {
            while (sockets.Count < count)
            {
                sockets.Add(Listen(endpoint, isShared: true)); // the kernel numbers them in the order in which they are bound
                if (sockets.Count == 1)
                    Steer(sockets[0], count);
            }

            return [.. sockets];
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    private static SafeFileHandle Listen(Endpoint endpoint, bool isShared)
    {
        SafeFileHandle socket = Open(endpoint);
        try
        {
            if (isShared)
                Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
            if (endpoint.Address.Family == AddressFamily.IPv6)
                Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
            AskForDetails(socket);
            Span<byte> address = stackalloc byte[Libc.SockaddrLength];
            int length = endpoint.Write(address);
            fixed (byte* start = address)
                Libc.Check(Libc.bind(socket, start, (uint)length));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Kernel time stamps, and the count of dropped datagrams, for a socket that somebody else bound.</summary>
    public static void AskForDetails(SafeFileHandle socket)
    {
        Set(socket, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1);
        Set(socket, Libc.SOL_SOCKET, Libc.SO_RXQ_OVFL, 1);
    }

    /// <summary>Asks for a receive buffer; returns the octets of payload that the kernel granted. Beyond the system's limit only root gets it.</summary>
    public static int SetReceiveBuffer(SafeFileHandle socket, int octets)
    {
        int value = octets;
        if (Libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &value, sizeof(int)) != 0)
            Set(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, octets);
        return ReceiveBufferOf(socket);
    }

    /// <summary>The octets of payload that the kernel granted for the receive buffer.</summary>
    public static int ReceiveBufferOf(SafeFileHandle socket)
    {
        int value;
        uint length = sizeof(int);
        Libc.Check(Libc.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &value, &length));
        return value / 2; // the kernel doubles what was asked, for its own book-keeping: socket(7)
    }

    /// <summary>Joins a multicast group on an interface; index 0 lets the kernel choose. Throws <see cref="Win32Exception"/>.</summary>
    public static void JoinGroup(SafeFileHandle socket, Address group, uint interfaceIndex)
        => ChangeMembership(socket, group, interfaceIndex, Libc.IP_ADD_MEMBERSHIP, Libc.IPV6_JOIN_GROUP);

    public static void LeaveGroup(SafeFileHandle socket, Address group, uint interfaceIndex)
        => ChangeMembership(socket, group, interfaceIndex, Libc.IP_DROP_MEMBERSHIP, Libc.IPV6_LEAVE_GROUP);

    /// <summary>The index of a network interface; 0 if there is none of that name.</summary>
    public static uint InterfaceIndex(string name) => Libc.if_nametoindex(name);

    /// <summary>A UDP socket whose datagrams go to one place.</summary>
    public static SafeFileHandle Connect(Endpoint endpoint)
    {
        SafeFileHandle socket = Open(endpoint);
        Span<byte> address = stackalloc byte[Libc.SockaddrLength];
        Connect(socket, address[..endpoint.Write(address)]);
        return socket;
    }

    /// <summary>
    /// A socket connected to the AF_UNIX datagram socket at <paramref name="path"/>, abstract if it begins with @; 0 leaves the send buffer as it
    /// is.
    /// </summary>
    public static SafeFileHandle ConnectUnix(string path, int sendBuffer)
    {
        Span<byte> address = stackalloc byte[UnixAddress.Length];
        int length = UnixAddress.Write(path, address);
        SafeFileHandle socket = Descriptors.Own(Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
        Connect(socket, address[..length]);
        if (sendBuffer > 0)
            Set(socket, Libc.SOL_SOCKET, Libc.SO_SNDBUF, sendBuffer);
        return socket;
    }

    /// <summary>Sends one datagram on a connected socket without waiting; returns 0 or errno.</summary>
    public static int Send(SafeFileHandle socket, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* start = datagram)
            return Libc.send(socket, start, (nuint)datagram.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) < 0 ? Libc.Errno : 0;
    }

    private static void ChangeMembership(SafeFileHandle socket, Address group, uint interfaceIndex, int optionIPv4, int optionIPv6)
    {
        Span<byte> request = stackalloc byte[20]; // struct ip_mreqn (12 octets) or struct ipv6_mreq (20)
        request.Clear();
        group.Write(request);
        bool isIPv6 = group.Family == AddressFamily.IPv6;
        BitConverter.TryWriteBytes(request[(isIPv6 ? 16 : 8)..], interfaceIndex);
        fixed (byte* start = request)
        {
            Libc.Check(isIPv6
                ? Libc.setsockopt(socket, Libc.IPPROTO_IPV6, optionIPv6, start, 20)
                : Libc.setsockopt(socket, Libc.IPPROTO_IP, optionIPv4, start, 12), "setsockopt");
        }
    }

    // For all that are bound to the same place, now and later.
    private static void Steer(SafeFileHandle socket, int count)
    {
        sock_filter[] program = Steering.Program(count);
        fixed (sock_filter* start = program)
        {
            var description = new Libc.sock_fprog { len = (ushort)program.Length, filter = start };
            Libc.Check(Libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_ATTACH_REUSEPORT_CBPF, &description, (uint)sizeof(Libc.sock_fprog)), "setsockopt SO_ATTACH_REUSEPORT_CBPF");
        }
    }

    private static SafeFileHandle Open(Endpoint endpoint)
    {
        int domain = endpoint.Address.Family == AddressFamily.IPv6 ? Libc.AF_INET6 : Libc.AF_INET;
        return Descriptors.Own(Libc.socket(domain, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
    }

    private static void Connect(SafeFileHandle socket, ReadOnlySpan<byte> address)
    {
        fixed (byte* start = address)
        {
            if (Libc.connect(socket, start, (uint)address.Length) == 0)
                return;
        }

        int errno = Libc.Errno;
        socket.Dispose();
        throw new Win32Exception(errno, Libc.ErrorText(errno));
    }

    private static void Set(SafeFileHandle socket, int level, int name, int value)
        => Libc.Check(Libc.setsockopt(socket, level, name, &value, sizeof(int)), $"setsockopt {name}");
}
