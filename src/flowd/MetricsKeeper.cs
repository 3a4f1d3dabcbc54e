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
internal sealed class MetricsKeeper : IWatched, IDisposable
{
    private const long Never = long.MaxValue;
    private const long RestartDelay = 5000;

    /// <summary>The metrics process itself asks no more often than once a second: taken over, it must not keep the worker from its work.</summary>
    private const long MillisecondsBetweenSnapshots = 900;

    private readonly ChildLauncher _launcher;
    private readonly SandboxGate _gate;
    private readonly WorkerKeeper _worker;
    private readonly SafeFileHandle? _snapshot;
    private readonly SystemLog _log;
    private readonly MonitorMetrics _own;
    private List<(Setting Line, SafeFileHandle Socket)> _listeners = [];
    private Settings? _settings;
    private long _restartAt = Never;
    private long _nextSnapshot;
    private bool _isWanted;

    public MetricsKeeper(ChildLauncher launcher, SandboxGate gate, WorkerKeeper worker, StateKeeper state, SystemLog log)
    {
        (_launcher, _gate, _worker, _log) = (launcher, gate, worker, log);
        _snapshot = state.Snapshot is null ? null : Descriptors.ReadOnly(state.Snapshot);
        _own = new MonitorMetrics(worker, this);
        worker.Told += WorkerTold;
    }

    public Child? Child { get; private set; }

    public long NextTick => Math.Min(_restartAt, Child?.NextTick ?? Never);

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
                _log.Error($"metrics on {Describe(line)}: {e.Message}");
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
        (_settings, _listeners) = (settings, listeners);
        if (isSame)
            return;
        End();
        if (listeners.Count > 0)
            Start();
    }

    public void Serve()
    {
        Child!.SendRest();
        ChannelStatus status = Child.Channel.Receive(out Message message, out SafeFileHandle? _);
        if (status == ChannelStatus.Message && !Child.Budget.TryTake(Environment.TickCount64))
            Failed("too many requests");
        else if (status == ChannelStatus.Message)
            Grant(message);
        else if (status == ChannelStatus.Malformed)
            Failed(Child.Channel.Violation.ToString());
        else if (status == ChannelStatus.Closed)
            Failed(Child.WaitForEnd() ?? "exit status 0");
    }

    public void Tick(long now)
    {
        if (now >= _restartAt)
            Start();
        else if (Child?.NextTick <= now)
            Failed("it does not read what it is told");
    }

    public void Dispose()
    {
        End();
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

    private void Start()
    {
        _restartAt = Never;
        try
        {
            Child = _launcher.Start(Party.Metrics, [], _settings!.User);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Failed(e.Message);
            return;
        }

        if (_snapshot is not null)
            Child.Tell(Setting.Of(MessageType.SnapshotMemory, ""), _snapshot);
        for (int i = 0; i < _listeners.Count; i++)
            Child.Tell(Setting.Of(MessageType.MetricsListener, "", (uint)(_listeners.Count - 1 - i)), _listeners[i].Socket);
    }

    private void Grant(Message wish)
    {
        if (wish.Type != MessageType.Sandboxed && !Child!.IsAdmitted)
        {
            Failed("it says nothing of its sandbox");
            return;
        }

        long now = Environment.TickCount64;
        switch (wish.Type)
        {
            case MessageType.Sandboxed:
                Child!.Layers = (SandboxLayers)wish.Argument;
                if (!_gate.Admit(Child, _settings!.RequiresSandbox))
                    Failed("its sandbox is not as it must be");
                break;
            case MessageType.Ready:
                foreach ((Setting line, SafeFileHandle _) in _listeners)
                    _log.Notice($"metrics on {Describe(line)}");
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

    // Metrics are not worth ending flowd for, nor restarting their process in haste.
    private void Failed(string reason)
    {
        _log.Error($"the process that serves metrics failed ({reason}); starting another in {RestartDelay / 1000} s");
        End();
        _restartAt = Environment.TickCount64 + RestartDelay;
    }

    private void End()
    {
        Child?.Kill();
        Child?.WaitForEnd();
        Child?.Dispose();
        Child = null;
        _restartAt = Never;
        _isWanted = false;
    }
}
