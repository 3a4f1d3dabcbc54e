using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Flowd.Platform;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.Tests;

/// <summary>Which socket of a group the kernel gives a datagram to is what <see cref="Share"/> says of its sender.</summary>
public sealed class SteeringTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void The_kernel_and_we_agree(int count)
    {
        const int Senders = 500;
        int port = FreePort.Take();
        SafeFileHandle[] sockets = DatagramSocket.ListenTogether(new Endpoint(Address.FromIPv4(0x7F000001), (ushort)port), count);
        Send("127.0.0.1", port, [.. Enumerable.Range(0, Senders).Select(i => new IPAddress([127, (byte)(i % 5), (byte)(i / 3), (byte)(i % 250 + 1)]))]);

        Assert.Equal(Senders, sockets.Select((socket, i) => Receive(socket, new Share(i, count))).Sum());
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public void IPv6_has_its_own_addresses()
    {
        int port = FreePort.Take();
        SafeFileHandle[] sockets = DatagramSocket.ListenTogether(new Endpoint(Address.FromIPv6(0, 1), (ushort)port), 2);
        Send("::1", port, [.. Enumerable.Repeat(IPAddress.IPv6Loopback, 10)]);

        Assert.Equal(10, sockets.Select((socket, i) => Receive(socket, new Share(i, 2))).Sum());
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public void Neighbours_are_spread_evenly()
    {
        foreach (uint step in (uint[])[1, 2, 4, 256, 65536, 1 << 24])
        {
            foreach (int count in (int[])[2, 3, 4, 8])
            {
                int[] members = new int[count];
                for (uint i = 0; i < 120; i++)
                    members[Array.FindIndex([.. Enumerable.Range(0, count)], worker => new Share(worker, count).Has(Address.FromIPv4(unchecked(0x0A000000 + i * step))))]++;
                Assert.All(members, n => Assert.InRange(n, 120 / count / 2, 120 / count * 2));
            }
        }
    }

    // SO_REUSEPORT alone would let anybody of the same user in.
    [Fact]
    public void What_is_taken_is_not_shared()
    {
        int port = FreePort.Take();
        var endpoint = new Endpoint(Address.FromIPv4(0x7F000001), (ushort)port);
        SafeFileHandle[] sockets = DatagramSocket.ListenTogether(endpoint, 2);
        Assert.Equal(98, Assert.Throws<System.ComponentModel.Win32Exception>(() => DatagramSocket.ListenTogether(endpoint, 2)).NativeErrorCode); // EADDRINUSE
        Assert.Equal(98, Assert.Throws<System.ComponentModel.Win32Exception>(() => DatagramSocket.Listen(endpoint)).NativeErrorCode);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    private static void Send(string target, int port, IPAddress[] senders)
    {
        foreach (IPAddress sender in senders)
        {
            using var socket = new Socket(sender.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(sender, 0));
            socket.SendTo([1], new IPEndPoint(IPAddress.Parse(target), port));
        }
    }

    // How many; each must be of the share.
    private static int Receive(SafeFileHandle socket, Share share)
    {
        using var ring = new DatagramRing(64);
        int all = 0;
        for (int received; (received = ring.Receive(socket)) > 0; all += received)
        {
            for (int i = 0; i < received; i++)
                Assert.True(share.Has(ring[i].Source.Address), ring[i].Source.ToString());
        }

        return all;
    }
}
