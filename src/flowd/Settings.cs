using System;
using System.Collections.Generic;
using Flowd.Monitor.Logs;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>What the monitor knows of a configuration: what it must open, and the whole in sealed files that it only passes on.</summary>
internal sealed class Settings(SafeFileHandle bound, SafeFileHandle tables) : IDisposable
{
    /// <summary>Sockets of one kind that one configuration may ask for.</summary>
    private const int MostSockets = 1024;

    private const int MostLogs = 256;

    public SafeFileHandle Bound => bound;

    /// <summary>What the tables have that come from files.</summary>
    public SafeFileHandle Tables => tables;

    /// <summary>Where to receive, in the order of the lines: datagrams, or with type ListenTcp connections.</summary>
    public List<Setting> Listen { get; } = [];

    /// <summary>Files for TLS. Text: the path; Number: the line that it is for.</summary>
    public List<Setting> TlsFiles { get; } = [];

    public List<Setting> JoinGroups { get; } = [];

    public List<Setting> Forward { get; } = [];

    public List<LogLine> Logs { get; } = [];

    /// <summary>Whether names of files must outlive a power failure.</summary>
    public bool Syncs { get; private set; }

    /// <summary>Files with keys. Text: the path; Number: the line that it is for.</summary>
    public List<Setting> KeyFiles { get; } = [];

    /// <summary>Text: the path; Number: the send buffer in octets, 0 for the system's.</summary>
    public Setting? LogSocket { get; private set; }

    public string? PidFile { get; private set; }

    /// <summary>A path, "none", or null for the default path.</summary>
    public string? StateFile { get; private set; }

    public string? User { get; private set; }

    public bool RequiresSandbox { get; private set; }

    /// <summary>What held of the sandbox of the process that read the configuration.</summary>
    public SandboxLayers ParserLayers { get; set; }

    /// <summary>Where to serve metrics. Text: the path, or the zone of the address.</summary>
    public List<Setting> Metrics { get; } = [];

    /// <summary>How many workers there are.</summary>
    public int Workers { get; private set; } = 1;

    /// <summary>Takes one setting; false if there are too many of its kind, or it is none.</summary>
    public bool TryTake(in Setting setting)
    {
        bool isText = setting.Type
            is MessageType.LogFile or MessageType.LogExec or MessageType.KeyFile or MessageType.TlsFile or MessageType.LogSocket or MessageType.PidFile or MessageType.StateFile or MessageType.User;
        if (isText && setting.Text.Length == 0)
            return false;
        switch (setting.Type)
        {
            case MessageType.Listen or MessageType.ListenTcp:
                return TryAdd(Listen, setting);
            case MessageType.TlsFile:
                return TryAdd(TlsFiles, setting);
            case MessageType.JoinGroup:
                return TryAdd(JoinGroups, setting);
            case MessageType.Forward:
                return TryAdd(Forward, setting);
            case MessageType.LogFile when Logs.Count < MostLogs:
                Logs.Add(new LogLine(setting.Text));
                return true;
            case MessageType.LogRotate or MessageType.LogKeep or MessageType.LogMaxSize or MessageType.LogCompress or MessageType.LogExec:
                return Logs is [.., var last] && last.TryTake(in setting);
            case MessageType.KeyFile:
                return TryAdd(KeyFiles, setting);
            case MessageType.SyncRequired:
                Syncs = true;
                return true;
            case MessageType.LogSocket:
                LogSocket = setting;
                return true;
            case MessageType.PidFile:
                PidFile = setting.Text;
                return true;
            case MessageType.StateFile:
                StateFile = setting.Text;
                return true;
            case MessageType.User:
                User = setting.Text;
                return true;
            case MessageType.SandboxRequired:
                RequiresSandbox = true;
                return true;
            case MessageType.MetricsOn:
                return TryAdd(Metrics, setting);
            case MessageType.Workers when setting.Number is > 0 and <= Share.Most:
                Workers = (int)setting.Number;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Leaves out what is for the network, and for who is there to stay.</summary>
    public void KeepToFiles()
    {
        Listen.Clear();
        TlsFiles.Clear();
        JoinGroups.Clear();
        Forward.Clear();
        Metrics.Clear();
        StateFile = StateKeeper.NoPath;
        Workers = 1;
    }

    /// <summary>The configuration as the parser wrote it, for people.</summary>
    public byte[] NormalForm() => Descriptors.ReadAll(bound);

    /// <summary>True if every log has a pattern that is one.</summary>
    public bool AreLogsGood => Logs.TrueForAll(line => line.IsGood);

    public void Dispose()
    {
        bound.Dispose();
        tables.Dispose();
    }

    private static bool TryAdd(List<Setting> list, in Setting setting)
    {
        if (list.Count == MostSockets)
            return false;
        list.Add(setting);
        return true;
    }
}
