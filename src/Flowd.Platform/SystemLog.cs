using System;
using System.Text;

namespace Flowd.Platform;

/// <summary>How grave a message is; the numbers are syslog's (RFC 5424 section 6.2.1).</summary>
public enum LogLevel
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
    Debug = 7,
}

/// <summary>Where messages go: lines on a terminal, or the datagrams that syslogd reads.</summary>
public enum LogStyle
{
    Plain,
    Syslog,
}

/// <summary>
/// The messages of a process. They always go to descriptor 2; in the background that is a socket to syslogd, so a process without any rights
/// can still complain.
/// </summary>
public sealed class SystemLog(LogStyle style, LogLevel most)
{
    private const int DaemonFacility = 3 << 3; // RFC 5424 section 6.2.1

    /// <summary>Who else wants to hear of it, if anybody.</summary>
    public Action<LogLevel, string>? Copy { get; init; }

    public bool IsEnabled(LogLevel level) => level <= most;

    public void Error(string message) => Write(LogLevel.Error, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    public void Notice(string message) => Write(LogLevel.Notice, message);

    public void Info(string message) => Write(LogLevel.Info, message);

    public void Debug(string message) => Write(LogLevel.Debug, message);

    public void Write(LogLevel level, string message)
    {
        if (!IsEnabled(level))
            return;
        Copy?.Invoke(level, message);
        string line = style == LogStyle.Syslog
            ? $"<{DaemonFacility | (int)level}>flowd[{Environment.ProcessId}]: {message}"
            : message + "\n";
        Descriptors.WriteStandardError(Encoding.UTF8.GetBytes(line));
    }
}
