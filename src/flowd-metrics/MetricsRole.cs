using System;
using System.Collections.Generic;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.MetricsProcess;

/// <summary>
/// The talk with the monitor, on the first thread, which does nothing else: sockets and the memories come by the channel, and when it ends, so does
/// the process.
/// </summary>
internal sealed class MetricsRole
{
    private readonly ChannelEnd _monitor;
    private readonly SystemLog _log;
    private readonly SnapshotSource _source;
    private readonly List<SafeFileHandle> _listeners = [];
    private readonly List<SafeFileHandle> _memories = [];
    private readonly List<byte[]> _texts = [];

    public MetricsRole(ChannelEnd monitor, SystemLog log)
    {
        _monitor = monitor;
        _log = log;
        _source = new SnapshotSource(() => monitor.TrySend(new Message(MessageType.SnapshotWanted)));
    }

    /// <summary>Runs until the monitor is gone; returns the exit status.</summary>
    public int Run()
    {
        while (_monitor.Receive(out Setting setting, out SafeFileHandle? attached, wait: true) == ChannelStatus.Message)
            Obey(in setting, attached);
        if (_monitor.Violation == MessageError.None)
            return 0;
        _log.Error($"flowd-metrics: the monitor broke the rules: {_monitor.Violation}");
        return 1;
    }

    private void Obey(in Setting setting, SafeFileHandle? attached)
    {
        switch (setting.Type)
        {
            case MessageType.MetricsListener:
                _listeners.Add(attached!);
                if (setting.Number == 0)
                    Serve();
                break;
            case MessageType.SnapshotMemory:
                _memories.Add(attached!);
                break;
            case MessageType.Snapshot:
                _texts.Add(Read(_texts.Count, (int)setting.Number));
                if (setting.Port == 0)
                    Put(setting.Text);
                break;
        }
    }

    private void Serve()
    {
        MetricsServer.Start(_listeners, new ScrapeApplication(_source));
        _monitor.TrySend(new Message(MessageType.Ready));
    }

    private void Put(string added)
    {
        _source.Put(Snapshot.Of(_texts, added));
        _texts.Clear();
    }

    // A copy: scrapes may still read it when the worker writes the next.
    private byte[] Read(int worker, int length)
    {
        if (worker >= _memories.Count || length == 0)
            return [];
        byte[] octets = new byte[Math.Min(length, RandomAccess.GetLength(_memories[worker]))];
        int read = RandomAccess.Read(_memories[worker], octets, 0);
        return read == octets.Length ? octets : octets[..read];
    }
}
