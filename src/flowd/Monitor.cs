using System;
using System.ComponentModel;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>The life of the monitor: signals in, worker watched, its few wishes granted as far as the configuration in force allows.</summary>
internal sealed class Monitor : IDisposable
{
    private const long MillisecondsToStop = 5000;

    /// <summary>For a child that closed its channel: it was about to end anyway.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(1);

    private const long FirstRestart = 100;
    private const long LongestRestart = 30_000;

    /// <summary>A worker that lived so long may be started again at once.</summary>
    private const long LongLife = 60_000;

    private const long MillisecondsBetweenRefusals = 60_000;

    private readonly SystemLog _log;
    private readonly WorkerLauncher _launcher;
    private readonly ConfigurationReader _reader;
    private readonly SocketSet _sockets;
    private readonly PidFile _pidFile;
    private readonly SignalInbox _signals = new();
    private readonly Poller _poller = new();
    private Settings? _settings;
    private Child? _worker;
    private Action _whenReady = () => { };
    private bool _isReady;
    private bool _isStopping;
    private int? _exitStatus;
    private long _deadline = long.MaxValue; // of a stop, or when to start the worker again
    private long _restartDelay = FirstRestart;
    private long _workerStarted;
    private long _nextRefusal;

    public Monitor(Options options, SystemLog log)
    {
        _log = log;
        _launcher = WorkerLauncher.Find(options, log);
        _reader = new ConfigurationReader(options, _launcher, log);
        _sockets = new SocketSet(log);
        _pidFile = new PidFile(log);
    }

    /// <summary>Runs until told to stop; returns the exit status. Calls <paramref name="whenReady"/> once flows are received.</summary>
    public int Run(Action whenReady)
    {
        _whenReady = whenReady;
        if (!Reconfigure())
            return 1;
        while (_exitStatus is null)
        {
            FillPoller();
            _poller.Wait((int)Math.Clamp(_deadline - Environment.TickCount64, 0, int.MaxValue));
            if (_poller.IsReady(0))
                Obey(_signals.Take());
            if (_worker is not null && _poller.Count > 1 && _poller.IsReady(1))
                Serve();
            if (Environment.TickCount64 >= _deadline)
                DeadlineOver();
        }

        return _exitStatus.Value;
    }

    public void Dispose()
    {
        _pidFile.Dispose();
        _sockets.Dispose();
        _settings?.Dispose();
        _worker?.Dispose();
        _signals.Dispose();
    }

    private void FillPoller()
    {
        _poller.Clear();
        _poller.Add(_signals.Handle);
        if (_worker is not null)
            _poller.Add(_worker.Channel.Handle);
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
            if (Reconfigure())
                _log.Notice("the new configuration is in force");
            else
                _log.Error("the configuration in force stays in force");
        }
        else if (signals.HasFlag(DaemonSignals.Reopen))
        {
            _log.Notice("log reopen requested");
            Tell(new Message(MessageType.Reopen));
        }

        if (signals.HasFlag(DaemonSignals.Report))
            Tell(new Message(MessageType.Report));
    }

    // The first signal asks, a second one does not wait.
    private void Stop()
    {
        if (_isStopping || _worker is null)
        {
            _worker?.Process.Kill();
            _exitStatus = _isStopping ? 1 : 0;
            return;
        }

        _isStopping = true;
        _deadline = Environment.TickCount64 + MillisecondsToStop;
        Tell(new Message(MessageType.Stop));
    }

    private bool Reconfigure()
    {
        Settings? settings = _reader.Read();
        if (settings is null)
            return false;
        if (!_sockets.TryApply(settings))
        {
            settings.Dispose();
            return false;
        }

        _settings?.Dispose();
        _settings = settings;
        if (_isReady)
            _pidFile.Write(settings.PidFile);
        if (_worker is null && _deadline == long.MaxValue)
            StartWorker();
        else if (_worker is not null)
            SendConfiguration();
        return true;
    }

    private void StartWorker()
    {
        _deadline = long.MaxValue;
        _workerStarted = Environment.TickCount64;
        try
        {
            _worker = _launcher.Start(Party.Worker);
        }
        catch (Win32Exception e) when (_isReady)
        {
            StartAnotherLater(e.Message);
            return;
        }

        SendConfiguration();
    }

    private void SendConfiguration()
    {
        Tell(new Message(MessageType.BoundConfiguration), _settings!.Bound);
        for (int i = 0; i < _sockets.Listeners.Count; i++)
            Tell(new Message(MessageType.Listener, (uint)i), _sockets.Listeners[i]);
        for (int i = 0; i < _sockets.Forwarders.Count; i++)
            Tell(new Message(MessageType.Forwarder, (uint)i), _sockets.Forwarders[i]);
        Tell(new Message(MessageType.Apply));
    }

    // A worker that does not read what it is told has failed: its end is noticed when the channel closes.
    private void Tell(Message message, SafeFileHandle? attached = null)
    {
        if (_worker is not null && !_worker.Channel.TrySend(message, attached))
            _worker.Process.Kill();
    }

    private void Serve()
    {
        ChannelStatus status = _worker!.Channel.Receive(out Message message, out SafeFileHandle? attached);
        attached?.Dispose();
        switch (status)
        {
            case ChannelStatus.Message:
                Grant(message.Type);
                break;
            case ChannelStatus.Malformed:
                _log.Error($"the worker breaks the rules of the channel ({_worker.Channel.Violation}): killed");
                _worker.Process.Kill();
                WorkerGone();
                break;
            case ChannelStatus.Closed:
                WorkerGone();
                break;
        }
    }

    private void Grant(MessageType wish)
    {
        switch (wish)
        {
            case MessageType.OpenLog when _settings!.LogFile is { } path:
                Grant(path, MessageType.LogGranted, MessageType.LogRefused, () => Descriptors.OpenForAppend(path));
                break;
            case MessageType.OpenLogSocket when _settings!.LogSocket is { } line:
                Grant(line.Text, MessageType.LogSocketGranted, MessageType.LogSocketRefused, () => DatagramSocket.ConnectUnix(line.Text, (int)line.Number));
                break;
            case MessageType.Ready:
                BecomeReady();
                break;
            case MessageType.Failed when !_isReady:
                _worker!.Process.Kill();
                _exitStatus = 1;
                break;
        }
    }

    private void Grant(string path, MessageType granted, MessageType refused, Func<SafeFileHandle> open)
    {
        try
        {
            using SafeFileHandle handle = open();
            Tell(new Message(granted), handle);
        }
        catch (Win32Exception e)
        {
            SayRefused(refused, $"{path}: {e.Message}");
            Tell(new Message(refused));
        }
    }

    // The reader of a log socket comes and goes; a log that cannot be opened is serious, but once a minute is enough.
    private void SayRefused(MessageType refused, string message)
    {
        long now = Environment.TickCount64;
        bool isNews = refused == MessageType.LogRefused && now >= _nextRefusal;
        if (isNews)
            _nextRefusal = now + MillisecondsBetweenRefusals;
        _log.Write(isNews ? LogLevel.Error : LogLevel.Debug, message);
    }

    private void BecomeReady()
    {
        if (!_isReady)
        {
            foreach (Setting line in _settings!.Listen)
                _log.Notice($"listening on [{line.Address}]:{line.Port}");
            _pidFile.Write(_settings.PidFile);
            _whenReady();
        }

        _isReady = true;
    }

    private void WorkerGone()
    {
        string? reason = _worker!.Process.WaitForExit(TimeToEnd);
        _worker.Dispose();
        _worker = null;
        if (_isStopping || !_isReady)
        {
            if (reason is not null || !_isStopping)
                _log.Error($"the worker ended: {reason ?? "exit status 0"}");
            _exitStatus = reason is null && _isStopping ? 0 : 1;
            return;
        }

        StartAnotherLater($"the worker ended unexpectedly ({reason ?? "exit status 0"})");
    }

    private void StartAnotherLater(string reason)
    {
        long now = Environment.TickCount64;
        _restartDelay = now - _workerStarted > LongLife ? FirstRestart : Math.Min(_restartDelay * 2, LongestRestart);
        _deadline = now + _restartDelay;
        _log.Error($"{reason}; starting another in {_restartDelay} ms");
    }

    private void DeadlineOver()
    {
        if (_worker is null)
        {
            StartWorker();
            return;
        }

        _log.Error("the worker does not stop: killed");
        _worker.Process.Kill();
        _exitStatus = 1;
    }
}
