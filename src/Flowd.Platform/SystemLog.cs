using System;
using System.Globalization;
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

/// <summary>Where messages go.</summary>
public enum LogStyle
{
    /// <summary>Lines on a terminal.</summary>
    Plain,

    /// <summary>Lines that begin with their level in angle brackets, as systemd-journald reads them, sd-daemon(3).</summary>
    Journal,

    /// <summary>The datagrams that syslogd, and journald too, read from /dev/log: the form of RFC 3164, which all of them know.</summary>
    Syslog,
}

/// <summary>
/// The messages of a process. They always go to descriptor 2; in the background that is a socket to syslogd, so a process without any rights
/// can still complain.
/// </summary>
public sealed class SystemLog(LogStyle style, LogLevel most)
{
    private const int DaemonFacility = 3 << 3; // RFC 5424 section 6.2.1

    public LogStyle Style => style;

    /// <summary>What each message begins with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Who else wants to hear of it, if anybody.</summary>
    public Action<LogLevel, string>? Copy { get; init; }

    public bool IsEnabled(LogLevel level) => level <= most;

    public void Error(string message) => Write(LogLevel.Error, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    public void Notice(string message) => Write(LogLevel.Notice, message);

    public void Info(string message) => Write(LogLevel.Info, message);

    public void Debug(string message) => Write(LogLevel.Debug, message);

    /// <summary>The style that fits standard error: systemd says in JOURNAL_STREAM which socket leads to its journal.</summary>
    public static LogStyle StyleOfStandardError()
    {
        string[] stream = (Environment.GetEnvironmentVariable("JOURNAL_STREAM") ?? "").Split(':');
        return stream.Length == 2 && Descriptors.TargetOf(2) == $"socket:[{stream[1]}]" ? LogStyle.Journal : LogStyle.Plain;
    }

    public void Write(LogLevel level, string message)
    {
        if (!IsEnabled(level))
            return;
        message = Prefix + message;
        Copy?.Invoke(level, message);
        string line = style switch
        {
            LogStyle.Syslog => $"<{DaemonFacility | (int)level}>{Timestamp()} flowd[{Environment.ProcessId}]: {message}",
            LogStyle.Journal => $"<{(int)level}>{message}\n",
            _ => message + "\n",
        };
        Descriptors.WriteStandardError(Encoding.UTF8.GetBytes(line));
    }

    // "Nov  3 09:05:00", local time, without a year (RFC 3164 section 4.1.2).
    private static string Timestamp()
    {
        DateTime now = DateTime.Now;
        return string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss}");
    }
}
