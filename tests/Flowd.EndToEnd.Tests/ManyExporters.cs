using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Flowd.Tests;

/// <summary>
/// Exporters with addresses of their own, 127.1.x.y, each numbering what it sends from 1: NetFlow v5, and a data set of v9 whose template came once.
/// </summary>
internal sealed class ManyExporters : IDisposable
{
    private readonly Socket[] _sockets;

    public ManyExporters(int count, int port)
    {
        _sockets = [.. Enumerable.Range(0, count).Select(i =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(AddressOf(i)), 0));
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        })];
    }

    /// <summary>How many of each kind every exporter has sent.</summary>
    public uint Sent { get; private set; }

    public static string AddressOf(int exporter) => $"127.1.{exporter / 100}.{exporter % 100 + 1}";

    public void SendTemplates() => Array.ForEach(_sockets, static socket => socket.Send(Exports.NetFlow9));

    /// <summary>One datagram of each kind, or of v5 alone, from every exporter.</summary>
    public void Send(bool both = true)
    {
        Sent++;
        byte[] netFlow9 = [.. Exports.NetFlow9Data];
        BinaryPrimitives.WriteUInt32BigEndian(netFlow9.AsSpan(12), BinaryPrimitives.ReadUInt32BigEndian(netFlow9.AsSpan(12)) + Sent);
        byte[] netFlow5 = Exports.Numbered(Sent);
        foreach (Socket socket in _sockets)
        {
            socket.Send(netFlow5);
            if (both)
                socket.Send(netFlow9);
        }
    }

    /// <summary>The same for so long, so many rounds a second.</summary>
    public void SendFor(TimeSpan time, int perSecond, bool both = true)
    {
        uint before = Sent;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            if (Sent - before > watch.Elapsed.TotalSeconds * perSecond)
                Thread.Sleep(1);
            else
                Send(both);
        }
    }

    public void Dispose() => Array.ForEach(_sockets, static socket => socket.Dispose());
}
