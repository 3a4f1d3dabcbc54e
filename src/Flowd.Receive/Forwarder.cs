using System;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Receive;

/// <summary>Sends verbatim copies of received datagrams to one place (`forward to`). Never waits: what the kernel does not take is counted and lost.</summary>
public sealed class Forwarder(SafeFileHandle socket) : IDisposable
{
    public ulong Sent { get; private set; }

    public ulong Failed { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (DatagramSocket.Send(socket, datagram) == 0)
            Sent++;
        else
            Failed++;
    }

    public void Dispose() => socket.Dispose();
}
