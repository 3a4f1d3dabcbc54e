using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// Keeps the process running that serves metrics, where the configuration wants one: it gets listening sockets and a memory that it may read. What
/// it asks for is passed to the worker, which writes the memory; the answer is passed back.
/// </summary>
internal sealed class MetricsKeeper : ServerKeeper
{
    private const long RestartDelay = 5000;

    /// <summary>The metrics process itself asks no more often than once a second: taken over, it must not keep the worker from its work.</summary>
    private const long MillisecondsBetweenSnapshots = 900;

    private readonly WorkerKeeper _worker;
    private readonly SafeFileHandle? _snapshot;
    private readonly MonitorMetrics _own;
    private List<(Setting Line, SafeFileHandle Socket)> _listeners = [];
    private long _nextSnapshot;
    private bool _isWanted;

    public MetricsKeeper(ChildLauncher launcher, SandboxGate gate, WorkerKeeper worker, StateKeeper state, SystemLog log)
        : base(Party.Metrics, "serves metrics", RestartDelay, launcher, gate, log)
    {
        _worker = worker;
        _snapshot = state.Snapshot is null ? null : Descriptors.ReadOnly(state.Snapshot);
        _own = new MonitorMetrics(worker, this);
        worker.Told += WorkerTold;
    }

    /// <summary>
    /// Opens the sockets of a configuration; those that stay are kept. Null, which is said, if one cannot be opened: then all is as it was.
    /// </summary>
    public List<(Setting Line, SafeFileHandle Socket)>? Open(Settings settings)
    {
        var opened = new List<(Setting Line, SafeFileHandle Socket)>();
        foreach (Setting line in settings.Metrics)
        {
            try
            {
                SafeFileHandle? old = _listeners.Find(listener => listener.Line == line).Socket;
                opened.Add((line, old ?? Listen(line)));
            }
            catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
            {
                Log.Error($"metrics on {Describe(line)}: {e.Message}");
                Abandon(opened);
                return null;
            }
        }

        return opened;
    }

    /// <summary>Closes what <see cref="Open"/> opened, if nothing comes of it.</summary>
    public void Abandon(List<(Setting Line, SafeFileHandle Socket)> listeners) => Close(listeners.Except(_listeners));

    /// <summary>Puts opened sockets in place of those before. A process that serves others is replaced: it keeps nothing.</summary>
    public void Apply(Settings settings, List<(Setting Line, SafeFileHandle Socket)> listeners)
    {
        bool isSame = listeners.SequenceEqual(_listeners);
        Close(_listeners.Except(listeners));
        (Settings, _listeners) = (settings, listeners);
        if (isSame)
            return;
        End();
        if (listeners.Count > 0)
            Start();
    }

    public override void Dispose()
    {
        base.Dispose();
        Close(_listeners);
        _snapshot?.Dispose();
    }

    private static SafeFileHandle Listen(Setting line)
        => IsPath(line) ? StreamSocket.ListenUnix(line.Text) : StreamSocket.Listen(SocketSet.EndpointOf(line));

    private static bool IsPath(Setting line) => line.Text.StartsWith('/');

    private static string Describe(Setting line) => IsPath(line) ? line.Text : $"[{line.Address}]:{line.Port}";

    private static void Close(IEnumerable<(Setting Line, SafeFileHandle Socket)> listeners)
    {
        foreach ((Setting line, SafeFileHandle socket) in listeners)
        {
            socket.Dispose();
            if (IsPath(line))
                StreamSocket.Remove(line.Text);
        }
    }

    protected override void Brief(Child child)
    {
        if (_snapshot is not null)
            child.Tell(Setting.Of(MessageType.SnapshotMemory, ""), _snapshot);
        for (int i = 0; i < _listeners.Count; i++)
            child.Tell(Setting.Of(MessageType.MetricsListener, "", (uint)(_listeners.Count - 1 - i)), _listeners[i].Socket);
    }

    protected override void Obey(Message message)
    {
        long now = Environment.TickCount64;
        switch (message.Type)
        {
            case MessageType.Ready:
                foreach ((Setting line, SafeFileHandle _) in _listeners)
                    Log.Notice($"metrics on {Describe(line)}");
                break;
            case MessageType.SnapshotWanted when _worker.Child is null || _snapshot is null:
                Answer(octets: 0);
                break;
            case MessageType.SnapshotWanted when now >= _nextSnapshot:
                _nextSnapshot = now + MillisecondsBetweenSnapshots;
                _isWanted = true;
                _worker.Tell(new Message(MessageType.SnapshotWanted), answers: 1);
                break;
        }
    }

    protected override void End()
    {
        base.End();
        _isWanted = false;
    }

    private void WorkerTold(Message message)
    {
        if (message.Type == MessageType.SnapshotWritten && _isWanted)
            Answer(message.Argument);
    }

    private void Answer(uint octets)
    {
        _isWanted = false;
        Child?.Tell(Setting.Of(MessageType.Snapshot, _own.Text(), Math.Min(octets, StateKeeper.SnapshotLength)));
    }
}
