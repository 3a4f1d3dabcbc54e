using System;
using Flowd.Platform;
using Flowd.Receive.Sessions;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Receive;

/// <summary>One socket that datagrams, or messages from connections, come in by, and what was counted on it.</summary>
public sealed class Listener(int number, SafeFileHandle socket, bool takesSessions = false) : IDisposable
{
    private uint _kernelDrops;

    /// <summary>Which `listen on` line of the configuration it belongs to, from 0.</summary>
    public int Number => number;

    public SafeFileHandle Socket => socket;

    /// <summary>What became of connections, where it is messages from them that come in; else null.</summary>
    public SessionCounters? Sessions { get; private set; } = takesSessions ? new SessionCounters() : null;

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

    /// <summary>A datagram for another worker tells how many were dropped, and nothing else.</summary>
    public void CountForeign(in ReceivedDatagram datagram) => CountDrops(datagram.KernelDrops);

    public void CountRefused() => Refused++;

    /// <summary>Goes on where the former user of the same socket was, so that what was dropped in between is counted.</summary>
    public void TakeOver(Listener old)
    {
        (Datagrams, Octets, Truncated, Refused, Dropped, _kernelDrops) = (old.Datagrams, old.Octets, old.Truncated, old.Refused, old.Dropped, old._kernelDrops);
        Sessions = old.Sessions;
    }

    public void Dispose() => socket.Dispose();

    // The kernel's counter is 32 bits wide and wraps.
    private void CountDrops(uint kernelDrops)
    {
        Dropped += unchecked(kernelDrops - _kernelDrops);
        _kernelDrops = kernelDrops;
    }
}
