using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Flowd.Tests;

/// <summary>Numbered datagrams at a steady rate, from a thread of its own, numbered from 1.</summary>
internal sealed class NumberedStream : IDisposable
{
    private const int PerTurn = 20;

    private readonly Thread _thread;
    private readonly int _port;
    private readonly int _perSecond;
    private volatile bool _isOver;
    private volatile uint _sent;

    public NumberedStream(int port, int perSecond = 20_000)
    {
        (_port, _perSecond) = (port, perSecond);
        _thread = new Thread(Send);
        _thread.Start();
    }

    /// <summary>How many so far: the number of the last.</summary>
    public uint Sent => _sent;

    public uint Finish()
    {
        _isOver = true;
        _thread.Join();
        return _sent;
    }

    public void Dispose() => Finish();

    private void Send()
    {
        using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _port));
        for (var watch = Stopwatch.StartNew(); !_isOver && watch.Elapsed < TimeSpan.FromMinutes(10);)
        {
            if (_sent > watch.Elapsed.TotalSeconds * _perSecond)
            {
                Thread.Sleep(1);
                continue;
            }

            for (int i = 0; i < PerTurn; i++)
                Send(socket, ++_sent);
        }
    }

    // Where nobody listens, as while flowd is started again, what is sent is lost.
    private static void Send(Socket socket, uint number)
    {
        try
        {
            socket.Send(Exports.Numbered(number));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
        }
    }
}
