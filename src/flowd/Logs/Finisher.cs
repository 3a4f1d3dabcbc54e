using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor.Logs;

/// <summary>
/// Has finished logs compressed once more, into larger blocks, and those mended that a worker left behind: one at a time, each by a process of its own that
/// has nothing but the two files. Whatever happens to it, one file or the other is there, with everything in it.
/// </summary>
internal sealed class Finisher(ChildLauncher launcher, SandboxGate gate, SystemLog log) : IWatched, IDisposable
{
    private const long Never = long.MaxValue;
    private const long MillisecondsForOne = 30 * 60_000;
    private const int MostWaiting = 10_000;

    private readonly Queue<LogJob> _waiting = new();
    private Settings? _settings;
    private LogJob _job;
    private Folder? _folder;
    private long _killAt = Never;

    public Child? Child { get; private set; }

    public long NextTick => Math.Min(_killAt, Child?.NextTick ?? Never);

    /// <summary>A log is finished, whether that worked or not.</summary>
    public event Action<LogPath>? Finished;

    /// <summary>The final path of the log that is being finished.</summary>
    public string? Path => Child is null ? null : _job.Path.Path;

    public bool IsBusyWith(string path) => Path == path || _waiting.Any(job => job.Path.Path == path);

    public void Apply(Settings settings) => _settings = settings;

    public void Add(LogJob job)
    {
        if (_waiting.Count >= MostWaiting)
        {
            log.Warning($"{job.Path.Path}: too many logs wait to be compressed once more; this one stays as it is");
            Finished?.Invoke(job.Path);
            return;
        }

        _waiting.Enqueue(job);
        StartNext();
    }

    public void Serve()
    {
        Child!.SendRest();
        ChannelStatus status = Child.Channel.Receive(out Message message, out SafeFileHandle? _);
        if (status == ChannelStatus.Message && message.Type == MessageType.Sandboxed)
            Admit((SandboxLayers)message.Argument);
        else if (status == ChannelStatus.Message)
            End(message.Argument == 0 && Child.IsAdmitted ? null : "it could not be done");
        else if (status != ChannelStatus.Empty)
            End(status == ChannelStatus.Malformed ? Child.Channel.Violation.ToString() : Child.WaitForEnd() ?? "exit status 0");
    }

    public void Tick(long now)
    {
        if (now >= NextTick)
            End("it takes too long");
    }

    public void Dispose()
    {
        _waiting.Clear();
        Finished = null;
        if (Child is not null)
            End("flowd ends");
    }

    private void StartNext()
    {
        while (Child is null && _waiting.TryDequeue(out _job))
        {
            try
            {
                Start();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                End(e.Message);
            }
        }
    }

    private void Start()
    {
        int level = _job.Path.Line.Level;
        _folder = _job.Path.OpenFolder(make: false);
        using SafeFileHandle source = _folder.OpenForChange(_job.SourceName);
        Child = launcher.Start(Party.Finisher, [], _settings!.User);
        _killAt = Environment.TickCount64 + MillisecondsForOne;
        Child.Tell(new Message(MessageType.FinishSource, (uint)level), source);
        if (level == 0)
            return;
        _folder.Remove(_job.TargetName);
        using SafeFileHandle target = _folder.Create(_job.TargetName);
        Child.Tell(new Message(MessageType.FinishTarget), target);
    }

    private void Admit(SandboxLayers layers)
    {
        Child!.Layers = layers;
        if (!gate.Admit(Child, _settings!.RequiresSandbox))
            End("its sandbox is not as it must be");
    }

    private void End(string? trouble)
    {
        Child?.Kill();
        Child?.WaitForEnd();
        Child?.Dispose();
        Child = null;
        _killAt = Never;
        LogPath path = _job.Path;
        try
        {
            if (trouble is not null)
                log.Warning($"{path.Path}: not compressed once more: {trouble}; it stays as it is");
            path = Name(succeeded: trouble is null);
        }
        catch (Win32Exception e)
        {
            log.Error($"{path.Path}: {e.Message}");
        }

        _folder?.Dispose();
        _folder = null;
        Finished?.Invoke(path);
        if (Finished is not null)
            StartNext();
    }

    private LogPath Name(bool succeeded)
    {
        LogPath path = _job.Path;
        if (_folder is null)
            return path;
        bool replaces = succeeded && path.Line.Level > 0;
        if (replaces)
            _folder.Replace(_job.TargetName, _job.SourceName);
        else
            _folder.Remove(_job.TargetName);
        if (_job.IsLeftBehind)
            path = LogFiles.NameFinally(_folder, _job.SourceName, path);
        if (_settings!.Syncs)
            _folder.Sync();
        return path;
    }
}
