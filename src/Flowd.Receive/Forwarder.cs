using System;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Receive;

/// <summary>Sends copies of received datagrams to one place (`forward to`). Never waits: what the kernel does not take is counted and lost.</summary>
public sealed class Forwarder(SafeFileHandle socket) : IDisposable
{
    public ulong Sent { get; private set; }

    public ulong Failed { get; private set; }

    /// <summary>Datagrams that were not for its eyes.</summary>
    public ulong Withheld { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (DatagramSocket.Send(socket, datagram) == 0)
            Sent++;
        else
            Failed++;
    }

    public void Withhold() => Withheld++;

    public void Dispose() => socket.Dispose();
}
