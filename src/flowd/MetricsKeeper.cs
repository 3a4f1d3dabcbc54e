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
/// Keeps the process running that serves metrics, where the configuration wants one: it gets listening sockets and memories that it may read. What
/// it asks for is passed to the workers, which write the memories; the answers are passed back once all have come.
/// </summary>
internal sealed class MetricsKeeper : ServerKeeper
{
    private const long RestartDelay = 5000;

    /// <summary>The metrics process itself asks no more often than once a second: taken over, it must not keep the worker from its work.</summary>
    private const long MillisecondsBetweenSnapshots = 900;

    private readonly WorkerGroup _workers;
    private readonly StateKeeper _state;
    private readonly MonitorMetrics _own;
    private List<(Setting Line, SafeFileHandle Socket)> _listeners = [];
    private long _nextSnapshot;
    private Dictionary<WorkerKeeper, uint?>? _answers; // octets; null while none are wanted

    public MetricsKeeper(ChildLauncher launcher, SandboxGate gate, WorkerGroup workers, StateKeeper state, SystemLog log)
        : base(Party.Metrics, "serves metrics", RestartDelay, launcher, gate, log)
    {
        (_workers, _state) = (workers, state);
        _own = new MonitorMetrics(workers, this);
        workers.Told += WorkerTold;
        workers.Died += worker => Answered(worker, octets: 0);
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
        foreach (SafeFileHandle snapshot in Snapshots)
        {
            using SafeFileHandle readOnly = Descriptors.ReadOnly(snapshot);
            child.Tell(Setting.Of(MessageType.SnapshotMemory, ""), readOnly);
        }

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
            case MessageType.SnapshotWanted when _workers.Keepers.All(static worker => worker.Child is null) || !Snapshots.Any():
                Answer(_workers.Keepers.ToDictionary(static worker => worker, static _ => (uint?)0));
                break;
            case MessageType.SnapshotWanted when now >= _nextSnapshot:
                _nextSnapshot = now + MillisecondsBetweenSnapshots;
                _answers = _workers.Keepers.ToDictionary(static worker => worker, static worker => worker.Child is null ? 0u : (uint?)null);
                _workers.Tell(new Message(MessageType.SnapshotWanted), answers: 1);
                break;
        }
    }

    protected override void End()
    {
        base.End();
        _answers = null;
    }

    // Of all workers, or of none.
    private IEnumerable<SafeFileHandle> Snapshots => _state.Snapshots.Contains(null) ? [] : _state.Snapshots.OfType<SafeFileHandle>();

    private void WorkerTold(WorkerKeeper worker, Message message)
    {
        if (message.Type == MessageType.SnapshotWritten)
            Answered(worker, message.Argument);
    }

    private void Answered(WorkerKeeper worker, uint octets)
    {
        if (_answers?.ContainsKey(worker) != true)
            return;
        _answers[worker] = octets;
        if (!_answers.ContainsValue(null))
            Answer(_answers);
    }

    private void Answer(Dictionary<WorkerKeeper, uint?> octets)
    {
        _answers = null;
        int left = _workers.Keepers.Count;
        foreach (WorkerKeeper worker in _workers.Keepers)
        {
            left--;
            Setting answer = Setting.Of(MessageType.Snapshot, left == 0 ? _own.Text() : "", Math.Min(octets[worker]!.Value, StateKeeper.SnapshotLength));
            Child?.Tell(answer with { Port = (ushort)left });
        }
    }
}
