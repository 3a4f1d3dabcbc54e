using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// UDP sockets that were bound for us before we started (socket activation, sd_listen_fds(3)): they stay bound while we are restarted, so what
/// arrives meanwhile waits in them.
/// </summary>
public static unsafe class InheritedSockets
{
    private const int First = 3; // SD_LISTEN_FDS_START

    /// <summary>Takes what LISTEN_PID and LISTEN_FDS announce. Sockets of another kind come with an endpoint without family.</summary>
    public static List<(Endpoint Endpoint, SafeFileHandle Socket)> Take()
    {
        var sockets = new List<(Endpoint, SafeFileHandle)>();
        if (Variable("LISTEN_PID") != Environment.ProcessId)
            return sockets;
        for (int i = 0; i < Variable("LISTEN_FDS"); i++)
        {
            var socket = new SafeFileHandle(First + i, ownsHandle: true);
            if (Libc.fcntl(socket, Libc.F_SETFD, Libc.FD_CLOEXEC) == 0)
                sockets.Add((EndpointOf(socket), socket));
            else
                socket.SetHandleAsInvalid(); // not open: the number may become that of something else, which is not ours to close
        }

        return sockets;
    }

    private static int Variable(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static Endpoint EndpointOf(SafeFileHandle socket)
    {
        int type;
        uint typeLength = sizeof(int);
        Span<byte> address = stackalloc byte[UnixAddress.Length];
        uint length = (uint)address.Length;
        fixed (byte* start = address)
        {
            bool isDatagram = Libc.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_TYPE, &type, &typeLength) == 0 && type == Libc.SOCK_DGRAM;
            if (!isDatagram || Libc.getsockname(socket, start, &length) != 0)
                return default;
        }

        return Endpoint.Read(address[..(int)Math.Min(length, (uint)address.Length)]);
    }
}
