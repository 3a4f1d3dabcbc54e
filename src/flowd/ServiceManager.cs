using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// What a service manager wants to know, sd_notify(3): datagrams of VARIABLE=VALUE lines to the socket in NOTIFY_SOCKET. Without one, nothing.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly SafeFileHandle? _socket;

    public ServiceManager(SystemLog log)
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path))
            return;
        try
        {
            _socket = DatagramSocket.ConnectUnix(path, 0);
            Watchdog = ReadWatchdog();
        }
        catch (Win32Exception e)
        {
            log.Warning($"NOTIFY_SOCKET {path}: {e.Message}");
        }
    }

    /// <summary>We must say that we are alive within this time; null if nobody asks.</summary>
    public TimeSpan? Watchdog { get; }

    public void Ready(string status) => Send($"READY=1\nMAINPID={Environment.ProcessId}\nSTATUS={status}");

    /// <summary>With the time of the monotonic clock in microseconds, as Type=notify-reload wants.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}");

    public void Stopping() => Send("STOPPING=1\nSTATUS=writing what is left");

    public void Alive(string status) => Send($"{(Watchdog is null ? "" : "WATCHDOG=1\n")}STATUS={status}");

    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? ReadWatchdog()
    {
        string? process = Environment.GetEnvironmentVariable("WATCHDOG_PID");
        bool isForUs = process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string? interval = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        bool isNumber = long.TryParse(interval, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds);
        return isForUs && isNumber && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
    }

    private void Send(string message)
    {
        if (_socket is not null)
            _ = DatagramSocket.Send(_socket, Encoding.UTF8.GetBytes(message));
    }
}
