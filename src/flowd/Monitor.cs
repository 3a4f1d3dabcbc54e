using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Flowd.Monitor.Logs;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// The life of the monitor: one loop that waits for signals, children and the time, and hands on what comes. It never waits for anything else.
/// </summary>
internal sealed class Monitor : IDisposable
{
    private readonly SystemLog _log;
    private readonly ChildLauncher _launcher;
    private readonly SandboxGate _gate;
    private readonly ParserJob _parser;
    private readonly SocketSet _sockets;
    private readonly StateKeeper _state;
    private readonly LogFiles _logs;
    private readonly PassedFiles _keys;
    private readonly PassedFiles _tlsFiles;
    private readonly WorkerGroup _workers;
    private readonly FinishedLogs _finished;
    private readonly TcpKeeper _tcp;
    private readonly MetricsKeeper _metrics;
    private readonly ServiceManager _manager;
    private readonly MemoryKeeper _memory = new();
    private readonly Pulse _pulse;
    private readonly PidFile _pidFile;
    private readonly string? _capture;
    private readonly SignalInbox _signals = new();
    private readonly Poller _poller = new();
    private readonly IWatched[] _others; // than workers, with children
    private SafeFileHandle? _turns;
    private Settings? _settings;
    private Action _whenReady = () => { };
    private bool _isParseWanted;
    private bool _isReady;
    private bool _isStopping;
    private int? _exitStatus;

    public Monitor(Options options, SystemLog log)
    {
        _log = log;
        _launcher = new ChildLauncher(options, log);
        _gate = new SandboxGate(_launcher, log);
        _parser = new ParserJob(options, _launcher, log);
        _sockets = new SocketSet(InheritedSockets.Take(), log);
        _state = new StateKeeper(log);
        _logs = new LogFiles();
        _keys = new PassedFiles(static _ => true, log);
        _tlsFiles = new PassedFiles(static number => TlsFile.Of(number).Kind == TlsFileKind.Key, log);
        _capture = options.Capture;
        (SafeFileHandle File, string Name)? capture = OpenCapture(options.Capture);
        _workers = new WorkerGroup(share => new WorkerKeeper(share, TurnsOf(share), _launcher, _gate, _sockets, _state, _logs, _keys, log) { Capture = capture });
        _tcp = new TcpKeeper(_launcher, _gate, _sockets, _tlsFiles, log);
        _metrics = new MetricsKeeper(_launcher, _gate, _workers, _state, log);
        _manager = new ServiceManager(log);
        _pulse = new Pulse(_workers, _manager, log);
        _pidFile = new PidFile(log);
        _workers.Told += WorkerTold;
        _tcp.Ready += BecomeReady;
        _finished = new FinishedLogs(_launcher, _gate, _workers, _logs, log);
        _others = [_tcp, _metrics, .. _finished.Watched];
    }

    /// <summary>Runs until told to stop; returns the exit status. Calls <paramref name="whenReady"/> once flows are received.</summary>
    public int Run(Action whenReady)
    {
        _whenReady = whenReady;
        _isParseWanted = true;
        while (_exitStatus is null)
        {
            StartParser();
            WaitAndServe();
            _exitStatus ??= _workers.ExitStatus ?? _tcp.ExitStatus;
        }

        if (_isReady)
            _state.Finish();
        return _exitStatus.Value;
    }

    public void Dispose()
    {
        _pidFile.Dispose();
        _parser.Dispose();
        _metrics.Dispose();
        _tcp.Dispose();
        _workers.Dispose();
        _finished.Dispose();
        _keys.Dispose();
        _tlsFiles.Dispose();
        _sockets.Dispose();
        _state.Dispose();
        _turns?.Dispose();
        _settings?.Dispose();
        _signals.Dispose();
        _manager.Dispose();
    }

    private void WaitAndServe()
    {
        IWatched[] watched = [_parser, .. _workers.Keepers, .. _others];
        _poller.Clear();
        _poller.Add(_signals.Handle);
        Child?[] children = [.. watched.Select(one => one.Child)];
        foreach (Child child in children.OfType<Child>())
            _poller.Add(child.Channel.Handle, child.HasUnsent);

        ITimed[] timed = [.. watched, _state, _pulse, _finished.Janitor, _memory];
        _poller.Wait((int)Math.Clamp(timed.Min(one => one.NextTick) - Environment.TickCount64, 0, int.MaxValue));
        if (_poller.IsReady(0))
            Obey(_signals.Take());
        for (int i = 0, entry = 1; i < children.Length; i++)
        {
            if (children[i] is { } child && _poller.IsReady(entry++) && watched[i].Child == child) // else it has been replaced in this round
                watched[i].Serve();
        }

        foreach (ITimed one in timed)
        {
            long now = Environment.TickCount64;
            if (now >= one.NextTick)
                one.Tick(now);
        }
    }

    private void Obey(DaemonSignals signals)
    {
        if (signals.HasFlag(DaemonSignals.Stop))
            Stop();
        if (_isStopping)
            return;
        if (signals.HasFlag(DaemonSignals.Reconfigure))
        {
            _log.Notice("reconfiguration requested");
            _manager.Reloading();
            _isParseWanted = true;
        }
        else if (signals.HasFlag(DaemonSignals.Reopen))
        {
            _log.Notice("log reopen requested");
            _workers.Tell(new Message(MessageType.Reopen), answers: 1 + 2 * _settings?.Logs.Count ?? 2);
        }

        if (signals.HasFlag(DaemonSignals.Report))
            _workers.Tell(new Message(MessageType.Report));
    }

    private void Stop()
    {
        if (!_isStopping)
            _manager.Stopping();
        _isStopping = true;
        _tcp.Stop(_workers.Stop); // the first worker takes what is handed to it in the end
    }

    private void StartParser()
    {
        if (!_isParseWanted || _parser.IsRunning || _isStopping)
            return;
        _isParseWanted = false;
        _parser.Start(Parsed);
    }

    private void Parsed(Settings? settings)
    {
        bool isReload = _settings is not null;
        if (settings is null || !TryApply(settings))
        {
            settings?.Dispose();
            Refused(isReload);
        }
        else if (isReload)
        {
            _log.Notice("the new configuration is in force");
            SayReloaded("the new configuration is in force");
        }
    }

    private void Refused(bool isReload)
    {
        if (!isReload)
        {
            _exitStatus = 1;
            return;
        }

        _log.Error("the configuration in force stays in force");
        SayReloaded("the new configuration is wrong; the one before it stays in force");
    }

    // A reload may come so early that nothing is received yet; then ready is said when it is true.
    private void SayReloaded(string status)
    {
        if (_isReady)
            _manager.Ready(status);
    }

    // What can fail comes first: then everything is as it was.
    private bool TryApply(Settings settings)
    {
        if (_capture is not null)
            settings.KeepToFiles();
        if ((_capture is null && !_pidFile.IsFree(settings.PidFile)) || !IsUserGood(settings) || !_gate.Allows(settings, _workers.Keepers) || !IsCountGood(settings))
            return false;
        List<(Setting Line, SafeFileHandle Socket)>? servers = _metrics.Open(settings);
        if (servers is null)
            return false;
        if (!_keys.TryOpen(settings.KeyFiles) || !_tlsFiles.TryOpen(settings.TlsFiles) || !_sockets.TryApply(settings))
        {
            _metrics.Abandon(servers);
            return false;
        }

        _keys.Apply();
        _tlsFiles.Apply();
        _state.Apply(settings);
        _finished.Apply(settings);
        _workers.Apply(settings);
        _tcp.Apply(settings);
        _metrics.Apply(settings, servers);
        if (_workers.IsReady && _capture is null)
            _pidFile.Write(settings.PidFile);
        _settings?.Dispose();
        _settings = settings;
        return true;
    }

    private static (SafeFileHandle File, string Name)? OpenCapture(string? path)
    {
        if (path is null or "-")
            return path is null ? null : (new SafeFileHandle(0, ownsHandle: false), "standard input");
        try
        {
            return (Descriptors.OpenForRead(path), path);
        }
        catch (Win32Exception e)
        {
            throw new Win32Exception(e.NativeErrorCode, $"{path}: {e.Message}");
        }
    }

    private bool IsUserGood(Settings settings)
    {
        try
        {
            _launcher.CheckUser(settings.User);
            return true;
        }
        catch (InvalidOperationException e)
        {
            _log.Error(e.Message);
            return false;
        }
    }

    // The sockets are shared out between those that there are.
    private bool IsCountGood(Settings settings)
    {
        if (!_workers.IsOf(settings.Workers))
            _log.Error($"workers {settings.Workers}: there are {_workers.Keepers.Count}, until flowd is started again");
        return _workers.IsOf(settings.Workers);
    }

    private SafeFileHandle? TurnsOf(Share share) => share.IsWhole ? null : _turns ??= Descriptors.MemoryFile("flowd.turns", WriteTurns.Length);

    private void WorkerTold(WorkerKeeper worker, Message message)
    {
        if (message.Type == MessageType.Progress)
            _pulse.Answered(worker, message.Argument);
        else if (message.Type == MessageType.Ready)
            BecomeReady();
    }

    private void BecomeReady()
    {
        if (_isReady || !_workers.IsReady || !_tcp.IsReady)
            return;
        _isReady = true;
        _state.ForgetFormer();
        foreach (Setting line in _settings!.Listen)
            _log.Notice($"listening on [{line.Address}]:{line.Port}{(line.Type == MessageType.ListenTcp ? " tcp" : "")}");
        if (_capture is null)
            _pidFile.Write(_settings.PidFile);
        _manager.Ready($"receiving on {_settings.Listen.Count} sockets{(_settings.Workers == 1 ? "" : $" with {_settings.Workers} workers")}");
        _whenReady();
    }
}
