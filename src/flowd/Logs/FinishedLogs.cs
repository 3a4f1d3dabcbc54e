using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor.Logs;

/// <summary>What becomes of a log that the worker is done with: its final name, blocks of a better size, a command, and one day its end.</summary>
internal sealed class FinishedLogs : IDisposable
{
    private const int CommandsAtOnce = 4;
    private const int MostCommandsWaiting = 10_000;

    private readonly LogFiles _files;
    private readonly Finisher _finisher;
    private readonly Queue<LogPath> _toRun = new();
    private readonly ExecRunner[] _runners;
    private readonly SystemLog _log;
    private Settings? _settings;

    public FinishedLogs(ChildLauncher launcher, SandboxGate gate, WorkerGroup workers, LogFiles files, SystemLog log)
    {
        (_files, _log) = (files, log);
        _finisher = new Finisher(launcher, gate, log);
        _runners = [.. Enumerable.Range(0, CommandsAtOnce).Select(_ => new ExecRunner(_toRun, launcher, log))];
        Janitor = new LogJanitor(files, _finisher, log);
        _finisher.Finished += Run;
        workers.Told += WorkerTold;
        workers.Died += _ => Janitor.LookSoon();
    }

    public LogJanitor Janitor { get; }

    public IEnumerable<IWatched> Watched => [_finisher, .. _runners];

    public void Apply(Settings settings)
    {
        _settings = settings;
        _finisher.Apply(settings);
        foreach (ExecRunner runner in _runners)
            runner.Apply(settings);
        Janitor.Apply(settings);
    }

    public void Dispose()
    {
        _finisher.Dispose();
        foreach (ExecRunner runner in _runners)
            runner.Dispose();
    }

    private void WorkerTold(WorkerKeeper worker, Message message)
    {
        if (message.Type != MessageType.LogClosed)
            return;
        try
        {
            if (_files.Finish(worker.Share.Index, message.Argument, _settings!.Syncs) is { } job)
                Finish(job);
        }
        catch (Win32Exception e)
        {
            _log.Error($"log: {e.Message}; the file keeps the name that it has");
        }
    }

    private void Finish(LogJob job)
    {
        if (job.IsLeftBehind || job.Path.Line.Level > 0)
            _finisher.Add(job);
        else
            Run(job.Path);
    }

    private void Run(LogPath path)
    {
        Janitor.LookSoon();
        if (path.Line.Exec is null)
            return;
        if (_toRun.Count >= MostCommandsWaiting)
            _log.Warning($"{path.Path}: too many commands wait to be run; none is run for this log");
        else
            _toRun.Enqueue(path);
        Array.Find(_runners, runner => runner.Child is null)?.StartNext();
    }
}
