using System;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// A pair of sockets that carries whole messages one way, AF_UNIX SOCK_SEQPACKET: who sends waits for room, so nothing is lost, and what is in
/// it outlives who sent it.
/// </summary>
/// <param name="In">Where messages go in.</param>
/// <param name="Out">Where they come out, with the time at which they went in.</param>
public sealed record SessionPair(SafeFileHandle In, SafeFileHandle Out) : IDisposable
{
    public static unsafe SessionPair Open()
    {
        int* pair = stackalloc int[2];
        Libc.Check(Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0, pair), "socketpair");
        var opened = new SessionPair(new SafeFileHandle(pair[0], ownsHandle: true), new SafeFileHandle(pair[1], ownsHandle: true));
        int one = 1;
        Libc.Check(Libc.setsockopt(opened.Out, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, &one, sizeof(int)), "setsockopt SO_TIMESTAMPNS");
        return opened;
    }

    /// <summary>Asks for room for so many octets; the system may grant less, with which all goes on, but the exporters wait sooner.</summary>
    public unsafe void SetBuffer(int octets)
    {
        if (Libc.setsockopt(In, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, &octets, sizeof(int)) != 0)
            _ = Libc.setsockopt(In, Libc.SOL_SOCKET, Libc.SO_SNDBUF, &octets, sizeof(int));
    }

    public void Dispose()
    {
        In.Dispose();
        Out.Dispose();
    }
}
