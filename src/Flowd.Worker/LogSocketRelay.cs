using System;
using Flowd.Platform;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>
/// Relays each stored record, as one datagram, to a local socket (`logsock`). Nobody waits for its reader: what it does not take is counted and
/// lost for it, and when it is gone a new connection is asked for, at most once a second.
/// </summary>
public sealed class LogSocketRelay : IDisposable
{
    private const int EAGAIN = 11;
    private const int ENOBUFS = 105;
    private const int MillisecondsBetweenTries = 1000;

    private readonly byte[] _record = new byte[LogRecord.MaxLength];
    private SafeFileHandle? _socket;
    private long _nextTry;

    public LogFields Fields { get; set; }

    public ulong Sent { get; private set; }

    public ulong Lost { get; private set; }

    public bool IsConnected => _socket is not null;

    public void Attach(SafeFileHandle socket)
    {
        _socket?.Dispose();
        _socket = socket;
    }

    /// <summary>Gives the connection up; another one is wanted at once.</summary>
    public void Reopen()
    {
        _socket?.Dispose();
        _socket = null;
        _nextTry = 0;
    }

    /// <summary>True, once per interval, while there is no connection.</summary>
    public bool WantsSocket()
    {
        if (_socket is not null || Environment.TickCount64 < _nextTry)
            return false;
        _nextTry = Environment.TickCount64 + MillisecondsBetweenTries;
        return true;
    }

    public void Send(in FlowRecord record)
    {
        if (_socket is null)
        {
            Lost++;
            return;
        }

        int length = LogRecord.Write(in record, Fields, _record);
        int errno = DatagramSocket.Send(_socket, _record.AsSpan(0, length));
        if (errno == 0)
        {
            Sent++;
            return;
        }

        Lost++;
        if (errno is EAGAIN or ENOBUFS)
            return;
        _socket.Dispose(); // its reader is gone
        _socket = null;
    }

    public void Dispose() => _socket?.Dispose();
}
