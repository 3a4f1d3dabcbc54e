using System.Net;
using System.Net.Sockets;
using System.Threading;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>An exporter that speaks IPv4 to a socket of both families, as a service manager may pass one, is known by its IPv4 address.</summary>
public class EndpointTests
{
    [Fact]
    public void IPv4_in_IPv6_becomes_IPv4()
    {
        using var receiver = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        receiver.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        using var sender = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Send([1, 2, 3], new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)receiver.LocalEndPoint!).Port));
        using var socket = new SafeFileHandle(receiver.Handle, ownsHandle: false);
        using var ring = new DatagramRing(1);
        for (int i = 0; i < 100 && ring.Receive(socket) == 0; i++)
            Thread.Sleep(20);
        Assert.Equal(Flowd.Records.AddressFamily.IPv4, ring[0].Source.Address.Family);
        Assert.Equal("127.0.0.1", ring[0].Source.Address.ToString());
    }
}
