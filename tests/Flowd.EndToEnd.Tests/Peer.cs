using System;
using System.Net;
using System.Net.Sockets;

namespace Flowd.Tests;

/// <summary>An exporter, or somebody else, at the other end of a TCP connection to flowd.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <param name="port">Of loopback.</param>
    /// <param name="from">An address of 127.0.0.0/8 to come from.</param>
    public Peer(int port, IPAddress? from = null)
    {
        _socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        _socket.Connect(IPAddress.Loopback, port);
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    public Socket Socket => _socket;

    public Peer Send(params ReadOnlySpan<byte[]> pieces)
    {
        foreach (byte[] piece in pieces)
            _socket.Send(piece);
        return this;
    }

    /// <summary>True once flowd has closed the connection; false if it does not within the time.</summary>
    public bool IsClosed(TimeSpan? patience = null)
    {
        if (!_socket.Poll(patience ?? Patience, SelectMode.SelectRead))
            return false;
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();
}
