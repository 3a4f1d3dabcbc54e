using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Where flow exports come in: an address and port of UDP, or of TCP.</summary>
public readonly record struct Port(Endpoint Endpoint, bool IsTcp)
{
    public override string ToString() => Endpoint + (IsTcp ? " tcp" : "");
}

/// <summary>
/// Sockets that were bound for us before we started (socket activation, sd_listen_fds(3)): they stay bound while we are restarted, so what
/// arrives meanwhile waits in them.
/// </summary>
public static unsafe class InheritedSockets
{
    private const int First = 3; // SD_LISTEN_FDS_START

    /// <summary>Takes what LISTEN_PID and LISTEN_FDS announce. Sockets that are neither of UDP nor listen for TCP come with an endpoint without family.</summary>
    public static List<(Port Port, SafeFileHandle Socket)> Take()
    {
        var sockets = new List<(Port, SafeFileHandle)>();
        if (Variable("LISTEN_PID") != Environment.ProcessId)
            return sockets;
        for (int i = 0; i < Variable("LISTEN_FDS"); i++)
        {
            var socket = new SafeFileHandle(First + i, ownsHandle: true);
            if (Libc.fcntl(socket, Libc.F_SETFD, Libc.FD_CLOEXEC) == 0)
                sockets.Add((PortOf(socket), socket));
            else
                socket.SetHandleAsInvalid(); // not open: the number may become that of something else, which is not ours to close
        }

        return sockets;
    }

    private static int Variable(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static Port PortOf(SafeFileHandle socket)
    {
        Span<byte> address = stackalloc byte[UnixAddress.Length];
        uint length = (uint)address.Length;
        bool isTcp = Option(socket, Libc.SO_TYPE) == Libc.SOCK_STREAM && Option(socket, Libc.SO_ACCEPTCONN) == 1;
        fixed (byte* start = address)
        {
            bool isUdp = Option(socket, Libc.SO_TYPE) == Libc.SOCK_DGRAM;
            if (!(isUdp || isTcp) || Libc.getsockname(socket, start, &length) != 0)
                return default;
        }

        return new Port(Endpoint.Read(address[..(int)Math.Min(length, (uint)address.Length)]), isTcp);
    }

    // -1 if it is no socket.
    private static int Option(SafeFileHandle socket, int name)
    {
        int value;
        uint length = sizeof(int);
        return Libc.getsockopt(socket, Libc.SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
    }
}
