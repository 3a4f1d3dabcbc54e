using System;
using Flowd.Platform;
using Flowd.Records;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>
/// Relays each stored record, as one datagram, to a local socket (`logsock`). Nobody waits for its reader: what it does not take at once waits
/// here, up to 4 MiB; what does not fit is counted and lost for it. When it is gone a new connection is asked for, at most once a second.
/// </summary>
/// <remarks>
/// The kernel keeps no more than net.unix.max_dgram_qlen datagrams for a reader, 10 unless somebody said otherwise: less than what one datagram
/// of an exporter holds.
/// </remarks>
public sealed class LogSocketRelay : IDisposable
{
    private const int EAGAIN = 11;
    private const int ENOBUFS = 105;
    private const int MillisecondsBetweenTries = 1000;

    private readonly byte[] _record = new byte[LogRecord.MaxLength];
    private readonly RelayQueue _waiting = new();
    private SafeFileHandle? _socket;
    private bool _isStale;
    private long _nextTry;

    public LogFields Fields { get; set; }

    public ulong Sent { get; private set; }

    public ulong Lost { get; private set; }

    /// <summary>True while there is nothing to ask the monitor for.</summary>
    public bool IsConnected => _socket is not null && !_isStale;

    /// <summary>The connection, if records wait until there is room in it.</summary>
    public SafeFileHandle? Blocked => _waiting.IsEmpty ? null : _socket;

    /// <summary>Takes a connected socket, or none if there is none to be had. What waits goes on waiting.</summary>
    public void Attach(SafeFileHandle? socket)
    {
        _socket?.Dispose();
        _socket = socket;
        _isStale = false;
    }

    /// <summary>Has a new connection asked for at once: it may be another socket now. What there is serves until the answer comes.</summary>
    public void Renew() => (_isStale, _nextTry) = (true, 0);

    /// <summary>True, once per interval, while there is no connection, or a new one is wanted.</summary>
    public bool WantsSocket()
    {
        if (IsConnected || Environment.TickCount64 < _nextTry)
            return false;
        _nextTry = Environment.TickCount64 + MillisecondsBetweenTries;
        return true;
    }

    public void Send(in FlowRecord record, ReadOnlySpan<byte> other = default)
    {
        if (_socket is null)
        {
            Lost++;
            return;
        }

        ReadOnlySpan<byte> octets = _record.AsSpan(0, LogRecord.Write(in record, Fields, _record, other));
        if (_waiting.IsEmpty && TrySend(octets))
            return;
        if (_socket is null || !_waiting.TryAdd(octets))
            Lost++;
    }

    /// <summary>Sends what waits, as far as there is room.</summary>
    public void SendWaiting()
    {
        while (Blocked is not null && TrySend(_waiting.First))
            _waiting.RemoveFirst();
    }

    public void Dispose() => _socket?.Dispose();

    // False if there is no room; then, or when the reader has gone, the record is not sent.
    private bool TrySend(ReadOnlySpan<byte> octets)
    {
        int errno = DatagramSocket.Send(_socket!, octets);
        if (errno == 0)
        {
            Sent++;
            return true;
        }

        if (errno is not EAGAIN and not ENOBUFS)
        {
            Lost += (ulong)_waiting.Count;
            _waiting.Clear();
            Attach(null);
        }

        return false;
    }
}
