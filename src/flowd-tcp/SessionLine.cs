using System;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Receive.Sessions;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.TcpProcess;

/// <summary>A `listen on` line for connections: lets them in.</summary>
internal sealed class SessionLine : IDisposable
{
    /// <summary>A peer that is gone without a word is found after two minutes or so.</summary>
    private const int SecondsToKeepAlive = 60;
    private const int SecondsBetweenProbes = 15;
    private const int Probes = 4;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private static ulong _lastNumber;

    private readonly Socket _listener;
    private readonly SessionTable _table;
    private volatile bool _isClosed;

    /// <summary>Takes over the descriptors.</summary>
    public SessionLine(ListenOn place, SafeFileHandle listener, SafeFileHandle inlet, SessionTable table)
    {
        Place = place;
        _table = table;
        _listener = new Socket(new SafeSocketHandle(listener.DangerousGetHandle(), ownsHandle: true));
        listener.SetHandleAsInvalid();
        Inlet = new SessionInlet(inlet);
    }

    /// <summary>The line as it was when it was opened.</summary>
    public ListenOn Place { get; }

    public SessionInlet Inlet { get; }

    /// <summary>Null without TLS. A change is for connections to come.</summary>
    public SslServerAuthenticationOptions? Tls { get; set; }

    /// <summary>Connections that are open; <see cref="SessionTable"/> counts.</summary>
    public uint Open { get; set; }

    /// <summary>
    /// Numbers of sessions begin there: microseconds since 1970-01-01 UTC, so that they go up over a restart too.
    /// </summary>
    public static ulong FirstNumber { get; } = _lastNumber = (ulong)((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>No longer lets anybody in, and dismisses those who are.</summary>
    public void Dispose()
    {
        Close();
        _table.DismissAll(session => session.Line == this);
    }

    /// <summary>No longer lets anybody in.</summary>
    public void Close()
    {
        _isClosed = true;
        _listener.Dispose();
    }

    /// <summary>Lets connections in until the line is closed.</summary>
    public async Task RunAsync()
    {
        await Inlet.SendAsync(new SessionEvent(SessionEventKind.Restarted, SessionEnd.None, FirstNumber, 0, default)).ConfigureAwait(false);
        while (!_isClosed)
        {
            if (await TryAcceptAsync().ConfigureAwait(false) is { } socket)
                await LetInAsync(socket).ConfigureAwait(false);
        }
    }

    // Null if the line was closed, the peer is gone already, or there is no descriptor for it.
    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _listener.AcceptAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets })
                await _table.MakeRoomAsync().ConfigureAwait(false);
            await Task.Delay(PauseAfterError).ConfigureAwait(false);
            return null;
        }
    }

    private async Task LetInAsync(Socket socket)
    {
        if (TryFindPeer(socket) is not { } peer)
        {
            socket.Dispose();
            return;
        }

        SessionEnd refusal = _table.Refuses(peer.Address);
        if (refusal != SessionEnd.None)
        {
            socket.Dispose();
            await Inlet.SendAsync(new SessionEvent(SessionEventKind.Refused, refusal, 0, Open, peer)).ConfigureAwait(false);
            return;
        }

        var session = new Session(Interlocked.Increment(ref _lastNumber), socket, peer, this, _table);
        await _table.AddAsync(session).ConfigureAwait(false);
        _ = Task.Run(session.RunAsync);
    }

    // Null if it is gone.
    private static Endpoint? TryFindPeer(Socket socket)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SecondsToKeepAlive);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, SecondsBetweenProbes);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            return socket.RemoteEndPoint is IPEndPoint endpoint ? EndpointOf(endpoint) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Endpoint EndpointOf(IPEndPoint endpoint)
    {
        byte[] octets = endpoint.Address.GetAddressBytes();
        Address address = endpoint.AddressFamily == AddressFamily.InterNetworkV6
            ? Address.FromIPv6(octets).Unmapped()
            : Address.FromIPv4(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(octets));
        return new Endpoint(address, (ushort)endpoint.Port);
    }
}
