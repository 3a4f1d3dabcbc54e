using System;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Receive;

/// <summary>One socket that datagrams come in by, and what was counted on it.</summary>
public sealed class Listener(int number, SafeFileHandle socket) : IDisposable
{
    private uint _kernelDrops;

    /// <summary>Which `listen on` line of the configuration it belongs to, from 0.</summary>
    public int Number => number;

    public SafeFileHandle Socket => socket;

    public ulong Datagrams { get; private set; }

    public ulong Octets { get; private set; }

    /// <summary>Datagrams longer than we take, of which the end is lost.</summary>
    public ulong Truncated { get; private set; }

    /// <summary>Datagrams of another protocol than is taken here.</summary>
    public ulong Refused { get; private set; }

    /// <summary>Datagrams that the kernel dropped because its buffer was full, since the socket was opened.</summary>
    public ulong Dropped { get; private set; }

    public void Count(in ReceivedDatagram datagram)
    {
        Datagrams++;
        Octets += (ulong)datagram.Bytes.Length;
        if (datagram.IsTruncated)
            Truncated++;
        CountDrops(datagram.KernelDrops);
    }

    public void CountRefused() => Refused++;

    /// <summary>Goes on where the former user of the same socket was, so that what was dropped in between is counted.</summary>
    public void TakeOver(Listener old)
        => (Datagrams, Octets, Truncated, Refused, Dropped, _kernelDrops) = (old.Datagrams, old.Octets, old.Truncated, old.Refused, old.Dropped, old._kernelDrops);

    public void Dispose() => socket.Dispose();

    // The kernel's counter is 32 bits wide and wraps.
    private void CountDrops(uint kernelDrops)
    {
        Dropped += unchecked(kernelDrops - _kernelDrops);
        _kernelDrops = kernelDrops;
    }
}
