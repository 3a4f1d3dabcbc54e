using System;
using System.ComponentModel;
using Flowd.Monitor.Logs;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// Keeps a worker running: starts it, tells it what the configuration in force is, grants its few wishes, and replaces it when it dies.
/// </summary>
/// <param name="share">Which of the workers it is.</param>
/// <param name="turns">Memory by which workers take turns at writing; null for one alone.</param>
/// <param name="launcher">Starts it.</param>
/// <param name="gate">Looks whether it is locked in.</param>
/// <param name="sockets">What it receives on, and sends to.</param>
/// <param name="state">What it leaves to the next one.</param>
/// <param name="logs">What it writes.</param>
/// <param name="keys">What it anonymizes with.</param>
/// <param name="log">Where messages go.</param>
internal sealed class WorkerKeeper(
    Share share, SafeFileHandle? turns, ChildLauncher launcher, SandboxGate gate, SocketSet sockets, StateKeeper state, LogFiles logs, PassedFiles keys, SystemLog log)
    : IWatched, IDisposable
{
    private const long Never = long.MaxValue;
    private const long MillisecondsToStop = 5000;
    private const long MillisecondsToBeLockedIn = 30_000;

    /// <summary>At the start of flowd: to look through the end of a log, at worst through all of it. Later a worker waits for its log.</summary>
    private const long MillisecondsToBeReady = 300_000;
    private const long FirstRestart = 100;
    private const long LongestRestart = 30_000;

    /// <summary>After a worker that lived so long the next one starts at once.</summary>
    private const long LongLife = 60_000;

    private const long MillisecondsBetweenRefusals = 60_000;

    private readonly string _name = share.IsWhole ? "the worker" : $"worker {share.Index}";
    private Settings? _settings;
    private long _restartDelay = FirstRestart;
    private long _started;
    private long _restartAt = Never;
    private long _killAt = Never;
    private long _readyBy = Never;
    private long _nextRefusal;
    private bool _isStopping;
    private int _statusAtEnd;

    public Child? Child { get; private set; }

    public Share Share => share;

    /// <summary>For messages.</summary>
    public string Name => _name;

    /// <summary>What the worker reads in the place of sockets, and its name. There is one worker for it, and no other.</summary>
    public (SafeFileHandle File, string Name)? Capture { get; set; }

    /// <summary>True once a worker received and could store.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Set when there is no worker any more, and will be none.</summary>
    public int? ExitStatus { get; private set; }

    /// <summary>Workers that were started in place of one that had died.</summary>
    public uint Restarts { get; private set; }

    /// <summary>The worker said something that others wait for: its type and argument.</summary>
    public event Action<Message>? Told;

    /// <summary>There is no worker any more, or for the moment.</summary>
    public event Action? Died;

    public long NextTick => Math.Min(Math.Min(_restartAt, _killAt), Math.Min(_readyBy, Child?.NextTick ?? Never));

    /// <summary>Puts settings in force, in the worker that runs or in a new one.</summary>
    public void Apply(Settings settings)
    {
        if (Child is not null && share.Index == 0 && _settings?.User != settings.User)
            log.Warning($"user {settings.User ?? "_flowd"}: the worker that runs keeps its user until flowd is started again");
        _settings = settings;
        if (Child is not null)
            SendConfiguration();
        else if (_restartAt == Never)
            Start();
    }

    public void Tell(Message message, int answers = 0)
    {
        Child?.Budget.Allow(answers);
        Child?.Tell(message);
    }

    /// <summary>The first call asks, a second one does not wait.</summary>
    public void Stop()
    {
        if (_isStopping || Child is null)
        {
            Child?.Kill();
            ExitStatus = _isStopping ? 1 : 0;
            _restartAt = Never;
            return;
        }

        (_isStopping, _restartAt) = (true, Never);
        _killAt = Environment.TickCount64 + MillisecondsToStop;
        Tell(new Message(MessageType.Stop));
    }

    public void Serve()
    {
        Child!.SendRest();
        ChannelStatus status = Child.Channel.Receive(out Message message, out SafeFileHandle? _);
        if (status == ChannelStatus.Message && !Child.Budget.TryTake(Environment.TickCount64))
            Refuse("too many requests");
        else if (status == ChannelStatus.Message)
            Grant(message);
        else if (status == ChannelStatus.Malformed)
            Refuse(Child.Channel.Violation.ToString());
        else if (status == ChannelStatus.Closed)
            Gone();
    }

    public void Tick(long now)
    {
        if (now >= _restartAt)
        {
            _restartAt = Never;
            Restarts++;
            Start();
        }
        else if (now >= _killAt)
        {
            log.Error($"{_name} does not stop: killed");
            Child?.Kill();
            ExitStatus = 1;
        }
        else if (now >= _readyBy)
        {
            Refuse("it does not get ready");
        }
        else if (Child?.NextTick <= now)
        {
            Refuse("it does not read what it is told");
        }
    }

    public void Dispose() => Child?.Dispose();

    private void Start()
    {
        _started = Environment.TickCount64;
        try
        {
            Child = launcher.Start(Party.Worker, Arguments(), _settings!.User);
        }
        catch (Exception e) when (IsReady && e is (Win32Exception or InvalidOperationException))
        {
            StartAnotherLater(e.Message);
            return;
        }

        _readyBy = _started + MillisecondsToBeLockedIn;
        if (turns is not null)
            Child.Tell(new Message(MessageType.WriteTurns), turns);
        if (state.Memories[share.Index] is { } memory)
            Child.Tell(new Message(MessageType.StateMemory, Restarts), memory);
        foreach (SafeFileHandle former in Restarts == 0 ? state.Former : [])
            Child.Tell(new Message(MessageType.FormerState), former);
        if (state.Snapshots[share.Index] is { } snapshot)
            Child.Tell(new Message(MessageType.SnapshotMemory), snapshot);
        SendConfiguration();
        if (Capture is { } capture)
            Child.Tell(new Message(MessageType.Capture), capture.File);
    }

    private string[] Arguments()
        => [.. Capture is { } capture ? (string[])[$"--capture={capture.Name}"] : [], .. share.IsWhole ? (string[])[] : [$"--share={share.Index}/{share.Count}"]];

    private void SendConfiguration()
    {
        Child!.Budget.Allow(1 + 2 * _settings!.Logs.Count); // it opens the log socket and logs anew
        Child.Tell(new Message(MessageType.BoundConfiguration), _settings.Bound);
        Child.Tell(new Message(MessageType.TableContent), _settings.Tables);
        foreach ((int line, SafeFileHandle socket) in sockets.ListenersOf(share.Index))
            Child.Tell(new Message(MessageType.Listener, (uint)line), socket);
        for (int i = 0; i < sockets.Forwarders.Count; i++)
            Child.Tell(new Message(MessageType.Forwarder, (uint)i), sockets.Forwarders[i]);
        foreach ((uint owner, SafeFileHandle key) in keys.Opened)
            Child.Tell(new Message(MessageType.AnonymizeKey, owner), key);
        Child.Tell(new Message(MessageType.Apply));
    }

    private void Grant(Message wish)
    {
        if (wish.Type != MessageType.Sandboxed && !Child!.IsAdmitted)
        {
            Refuse("it says nothing of its sandbox");
            return;
        }

        switch (wish.Type)
        {
            case MessageType.Sandboxed:
                Admit((SandboxLayers)wish.Argument);
                break;
            case MessageType.OpenLog when Child!.Channel.TryReadLogRequest(out LogRequest request):
                GrantLog(request);
                break;
            case MessageType.LogReleased:
                logs.Release(share.Index, wish.Argument);
                break;
            case MessageType.OpenLogSocket when _settings!.LogSocket is { Text: var path } line:
                Grant(path, new Message(MessageType.LogSocketGranted), MessageType.LogSocketRefused, () => DatagramSocket.ConnectUnix(path, (int)line.Number));
                break;
            case MessageType.CaptureRead when Capture is not null:
                _isStopping = true;
                _statusAtEnd = wish.Argument == 0 ? 0 : 1;
                break;
            case MessageType.Failed when !IsReady:
                Child!.Kill();
                ExitStatus = 1;
                break;
            case MessageType.Ready:
                IsReady = true;
                _readyBy = Never;
                Told?.Invoke(wish);
                break;
            default:
                Told?.Invoke(wish);
                break;
        }
    }

    private void GrantLog(LogRequest request)
        => Grant(LogFiles.Describe(_settings!, request), new Message(MessageType.LogGranted, request.Id), MessageType.LogRefused, () => logs.Open(_settings!, share.Index, in request));

    private void Grant(string path, Message granted, MessageType refused, Func<SafeFileHandle> open)
    {
        try
        {
            using SafeFileHandle handle = open();
            Child!.Tell(granted, handle);
        }
        catch (Win32Exception e)
        {
            SayRefused(refused, $"{path}: {e.Message}");
            Child!.Tell(granted with { Type = refused });
        }
    }

    // The reader of a log socket comes and goes; a log that cannot be opened is serious, but once a minute is enough.
    private void SayRefused(MessageType refused, string message)
    {
        long now = Environment.TickCount64;
        bool isNews = refused == MessageType.LogRefused && now >= _nextRefusal;
        if (isNews)
            _nextRefusal = now + MillisecondsBetweenRefusals;
        log.Write(isNews ? LogLevel.Error : LogLevel.Debug, message);
    }

    private void Admit(SandboxLayers layers)
    {
        Child!.Layers = layers;
        if (gate.Admit(Child, _settings!.RequiresSandbox))
        {
            _readyBy = IsReady ? Never : _started + MillisecondsToBeReady;
            return;
        }

        Child.Kill();
        if (!IsReady)
            ExitStatus = 1;
    }

    private void Refuse(string reason)
    {
        log.Error($"{_name} breaks the rules of the channel ({reason}): killed");
        Child!.Kill();
        Gone();
    }

    private void Gone()
    {
        string? reason = Child!.WaitForEnd();
        Child.Dispose();
        Child = null;
        logs.ReleaseAll(share.Index);
        Died?.Invoke();
        _readyBy = _killAt = Never;
        if (_isStopping || !IsReady || Capture is not null)
        {
            if (reason is not null || !_isStopping)
                log.Error($"{_name} ended: {reason ?? "exit status 0"}");
            ExitStatus = _isStopping && (reason is null || _statusAtEnd != 0) ? _statusAtEnd : 1;
            return;
        }

        StartAnotherLater($"{_name} ended unexpectedly ({reason ?? "exit status 0"})");
    }

    private void StartAnotherLater(string reason)
    {
        long now = Environment.TickCount64;
        if (now - _started > LongLife)
            _restartDelay = FirstRestart;
        _restartAt = now + _restartDelay;
        log.Error($"{reason}; starting another in {_restartDelay} ms");
        _restartDelay = Math.Min(_restartDelay * 2, LongestRestart);
    }
}
