using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Flowd.Records;
using Flowd.Store;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Flowd.Tests;

/// <summary>The published flowd, running on a free port of loopback with a folder of its own; ended by Dispose.</summary>
internal sealed class RunningFlowd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _messages = [];
    private readonly Process _process;

    private RunningFlowd(string folder, int port, Process process)
    {
        (Folder, Port, _process) = (folder, port, process);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_messages)
                _messages.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public int Port { get; }

    public int Id => _process.Id;

    public string LogPath => Path.Combine(Folder, "log");

    public string ConfigurationPath => Path.Combine(Folder, "flowd.conf");

    public string PidPath => Path.Combine(Folder, "pid");

    public static bool IsRoot { get; } = Environment.UserName == "root";

    /// <summary>As root, without an account made for flowd, the tests run with all rights.</summary>
    public static string[] Insecure => IsRoot ? ["-X", "INSECURE"] : [];

    public string Messages
    {
        get
        {
            lock (_messages)
                return string.Join('\n', _messages);
        }
    }

    /// <summary>
    /// Starts flowd and waits until it listens. In <paramref name="configuration"/>, {port} and {dir} are filled in; listen on, logfile and pidfile
    /// are added where it does not name them.
    /// </summary>
    public static RunningFlowd Start(string configuration = "store ALL", string? folder = null, params string[] options)
    {
        return Listening(Launch(configuration, folder, options));
    }

    // One that does not listen in time is not left behind.
    private static RunningFlowd Listening(RunningFlowd flowd)
    {
        try
        {
            flowd.WaitFor("listening on");
            return flowd;
        }
        catch
        {
            flowd.Dispose();
            throw;
        }
    }

    /// <summary>The same without waiting: it may not start at all.</summary>
    public static RunningFlowd Launch(string configuration, string? folder = null, params string[] options)
        => Launch(configuration, folder, [], [.. Insecure, .. options]);

    /// <summary>The same, run by another program that becomes it.</summary>
    public static RunningFlowd StartUnder(string[] wrapper, string[]? options = null)
    {
        return Listening(LaunchUnder(wrapper, options));
    }

    public static RunningFlowd LaunchUnder(string[] wrapper, string[]? options = null, string configuration = "store ALL")
        => Launch(configuration, folder: null, wrapper, options ?? Insecure);

    /// <summary>For <see cref="StartUnder"/>: runs the program of that path instead.</summary>
    public static string[] Instead(string program) => ["/bin/sh", "-c", "shift; exec \"$0\" \"$@\"", program];

    public static RunningFlowd Launch(string configuration, string? folder, string[] wrapper, string[] options, int? chosenPort = null)
    {
        folder ??= NewFolder();
        int port = chosenPort ?? FreePort.Take();
        File.WriteAllText(Path.Combine(folder, "flowd.conf"), Fill(configuration, folder, port));
        string[] command = [.. wrapper, Tool.Published("flowd"), "-g", .. options, "-f", Path.Combine(folder, "flowd.conf")];
        return new RunningFlowd(folder, port, Tool.Start(command[0], command[1..]));
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("flowd-test-").FullName;

    public void Reconfigure(string configuration)
    {
        File.WriteAllText(ConfigurationPath, Fill(configuration, Folder, Port));
        Signal("HUP");
    }

    public void Signal(string name) => Tool.Run("/bin/kill", $"-{name}", Id.ToString(CultureInfo.InvariantCulture));

    public void Send(params IEnumerable<byte[]> datagrams) => SendTo(IPAddress.Loopback, [.. datagrams]);

    public void SendTo(IPAddress address, params byte[][] datagrams)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        foreach (byte[] datagram in datagrams)
            socket.SendTo(datagram, new IPEndPoint(address, Port));
    }

    /// <summary>Waits until a message has come that contains <paramref name="text"/>, <paramref name="times"/> times.</summary>
    public void WaitFor(string text, int times = 1)
        => Until(() => Messages.Split(text).Length > times, () => $"no \"{text}\" among the messages:\n{Messages}", mayEnd: false);

    /// <summary>Asks for statistics until they contain <paramref name="text"/>.</summary>
    public void WaitForStatistic(string text) => Until(() => AskAndLook(text), () => $"no \"{text}\" in the statistics:\n{Messages}", mayEnd: false);

    /// <summary>The records in the log, once there are at least so many.</summary>
    public List<FlowRecord> WaitForRecords(int count)
    {
        List<FlowRecord> records = [];
        Until(() => (records = ReadLog(LogPath)).Count >= count, () => $"{records.Count} records instead of {count}; messages:\n{Messages}", mayEnd: true);
        return records;
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"flowd does not end; messages:\n{Messages}");
        _process.WaitForExit(); // the rest of the messages
        return _process.ExitCode;
    }

    public int Stop()
    {
        Signal("TERM");
        return WaitForExit();
    }

    /// <summary>The process ids of the children.</summary>
    public int[] Children()
        => [.. Tool.Run("/bin/ps", "-o", "pid=", "--ppid", Id.ToString(CultureInfo.InvariantCulture)).Lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>The process id of the child whose command line names the role.</summary>
    public int ChildOf(string role)
        => Children().Single(id => File.ReadAllText($"/proc/{id}/cmdline").StartsWith($"flowd: {role}", StringComparison.Ordinal));

    /// <summary>The open descriptors of a process and what they are; skips the test where the worker, as it should, keeps its user out.</summary>
    public static Dictionary<int, string> DescriptorsOf(int id)
    {
        try
        {
            return Directory.GetFiles($"/proc/{id}/fd")
                .ToDictionary(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), path => new FileInfo(path).LinkTarget ?? "");
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("needs root to look into the worker");
            throw;
        }
    }

    public static List<FlowRecord> ReadLog(string path)
    {
        var records = new List<FlowRecord>();
        if (!File.Exists(path))
            return records;
        ReadOnlySpan<byte> octets = File.ReadAllBytes(path);
        while (LogRecord.TryRead(octets, out FlowRecord record, out int consumed) == LogError.None)
        {
            records.Add(record);
            octets = octets[consumed..];
        }

        return records;
    }

    public void Until(Func<bool> condition, Func<string> complaint, bool mayEnd)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; Thread.Sleep(20))
        {
            if (condition())
                return;
            if (!mayEnd && _process.HasExited)
                break;
        }

        Assert.True(condition(), complaint());
    }

    private bool AskAndLook(string text)
    {
        Signal("USR2");
        Thread.Sleep(100);
        return Messages.Contains(text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Signal("TERM");
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Fill(string configuration, string folder, int port)
    {
        string text = configuration;
        foreach ((string directive, string line) in ((string, string)[])[
            ("listen on", "listen on 127.0.0.1:{port} bufsize 1048576"), ("logfile", "logfile \"{dir}/log\""), ("pidfile", "pidfile \"{dir}/pid\""),
            ("statefile", "statefile \"{dir}/state\"")])
        {
            if (!configuration.Contains(directive, StringComparison.Ordinal))
                text = line + "\n" + text;
        }

        return text.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{dir}", folder, StringComparison.Ordinal) + "\n";
    }
}
