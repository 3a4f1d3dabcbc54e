using System;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Receive;

/// <summary>One socket that datagrams come in by, and what was counted on it.</summary>
public sealed class Listener(int number, SafeFileHandle socket) : IDisposable
{
    private uint _kernelDrops;
    private bool _hasDatagrams;

    /// <summary>Which `listen on` line of the configuration it belongs to, from 0.</summary>
    public int Number => number;

    public SafeFileHandle Socket => socket;

    public ulong Datagrams { get; private set; }

    public ulong Octets { get; private set; }

    /// <summary>Datagrams longer than we take, of which the end is lost.</summary>
    public ulong Truncated { get; private set; }

    /// <summary>Datagrams that the kernel dropped because its buffer was full.</summary>
    public ulong Dropped { get; private set; }

    public void Count(in ReceivedDatagram datagram)
    {
        Datagrams++;
        Octets += (ulong)datagram.Bytes.Length;
        if (datagram.IsTruncated)
            Truncated++;
        CountDrops(datagram.KernelDrops);
    }

    public void Dispose() => socket.Dispose();

    // The kernel's counter is 32 bits wide, wraps, and may already stand above zero when a new worker takes the socket over.
    private void CountDrops(uint kernelDrops)
    {
        if (_hasDatagrams)
            Dropped += unchecked(kernelDrops - _kernelDrops);
        _kernelDrops = kernelDrops;
        _hasDatagrams = true;
    }
}
