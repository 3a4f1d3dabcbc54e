using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Flowd.Tests;

/// <summary>
/// Ports to listen on, free for UDP and TCP, each given out once. They are from below those that the kernel gives to clients: one of those may have gone to
/// somebody else before it is listened on.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000;
    private const int Count = 22_000; // net.ipv4.ip_local_port_range begins at 32,768

    private static int _last = Random.Shared.Next(Count); // other test programs run at the same time

    public static int Take()
    {
        while (true)
        {
            int port = First + Interlocked.Increment(ref _last) % Count;
            if (IsFree(port, SocketType.Dgram, ProtocolType.Udp) && IsFree(port, SocketType.Stream, ProtocolType.Tcp))
                return port;
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var probe = new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true };
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
