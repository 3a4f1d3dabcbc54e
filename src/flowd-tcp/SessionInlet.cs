using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Flowd.Receive.Sessions;
using Microsoft.Win32.SafeHandles;

namespace Flowd.TcpProcess;

/// <summary>
/// The way to the worker. While the worker does not read, everybody waits here, one behind the other, and so do the exporters: nothing is lost.
/// </summary>
internal sealed class SessionInlet : IDisposable
{
    private readonly Socket _socket;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Takes over the descriptor.</summary>
    public SessionInlet(SafeFileHandle handle)
    {
        _socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
    }

    /// <summary>Sends what tells of a session, with a message behind it or without.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> wire)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(wire, SocketFlags.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask SendAsync(in SessionEvent session)
    {
        byte[] wire = new byte[SessionEvent.Length];
        session.Write(wire);
        return SendAsync(wire);
    }

    public void Dispose() => _socket.Dispose();
}
