using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Flowd.Tests;

/// <summary>In the background all that is said goes to syslogd. The test plays it, at a /dev/log that only this flowd sees. Needs root.</summary>
public sealed class SyslogTests : IDisposable
{
    private const string TimeZone = "Asia/Tokyo"; // far from where the test runs: the worker has to know it without /usr/share/zoneinfo

    // A /dev of its own: what a daemon needs, and log.
    private const string WithOwnLog = """
        set -e
        mount --rbind /dev "$0/dev"
        mount -t tmpfs none /dev
        for device in null zero random urandom; do
            touch /dev/$device
            mount --bind "$0/dev/$device" /dev/$device
        done
        ln -s "$0/log" /dev/log
        exec "$@"
        """;

    private readonly string _folder = RunningFlowd.NewFolder();

    [Fact]
    public void Monitor_and_worker_speak_to_syslogd()
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        Directory.CreateDirectory(Path.Combine(_folder, "dev"));
        using var syslog = new DatagramInbox(Path.Combine(_folder, "log"));
        using var accounts = new PrivateAccounts();
        int port = FreePort.Take();
        string configuration = Path.Combine(_folder, "flowd.conf");
        string[] lines = [$"listen on 127.0.0.1:{port}", $"logfile \"{_folder}/store\"", $"pidfile \"{_folder}/pid\"", "statefile none", "store ALL"];
        File.WriteAllLines(configuration, lines);
        string[] flowd = ["/usr/bin/env", $"TZ={TimeZone}", Tool.Published("flowd"), "-f", configuration];
        string[] command = accounts.Wrapper(["/bin/sh", "-c", WithOwnLog, _folder, .. flowd]);

        ToolResult start = Tool.Run(command[0], command[1..]);
        Assert.Equal((0, "", ""), (start.Status, start.Output, start.Errors));
        int monitor = int.Parse(File.ReadAllText(Path.Combine(_folder, "pid")), CultureInfo.InvariantCulture);
        Processes.Signal(monitor, "USR2");
        int ofWorker = syslog.WaitFor(message => message.Contains("messages suppressed", StringComparison.Ordinal), "statistics");
        int ofMonitor = syslog.WaitFor(message => message.Contains("listening on", StringComparison.Ordinal), "start");
        Processes.Signal(monitor, "TERM");
        Processes.WaitForEnd(monitor);

        Check(syslog.Messages[ofMonitor], id => Assert.Equal(monitor, id));
        Check(syslog.Messages[ofWorker], id => Assert.NotEqual(monitor, id));
        Assert.All(syslog.Messages, message => Assert.Matches("^<(27|28|29|30)>", message)); // daemon, error to informational
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // RFC 3164: priority, "Mmm dd hh:mm:ss" of local time with a blank before one digit, tag, text; here without the name of the host.
    private static void Check(string message, Action<int> checkId)
    {
        Match match = Regex.Match(message, @"^<([0-9]+)>([A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8}) flowd\[([0-9]+)\]: [^\n]+$");
        Assert.True(match.Success, message);
        Assert.Equal(3, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 8);
        checkId(int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
        DateTime there = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(DateTime.UtcNow, TimeZone);
        DateTime said = DateTime.ParseExact(match.Groups[2].Value, ["MMM dd HH:mm:ss", "MMM  d HH:mm:ss"], CultureInfo.InvariantCulture);
        Assert.InRange(Math.Abs((there - said).TotalSeconds), 0, 60);
    }
}
