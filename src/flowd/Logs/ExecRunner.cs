using System;
using System.Collections.Generic;
using System.ComponentModel;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor.Logs;

/// <summary>
/// Runs the commands that `exec` names for finished logs, one after the other, as the user without rights. A command holds its end of the channel
/// while it runs, and has nothing to say on it.
/// </summary>
internal sealed class ExecRunner(Queue<LogPath> waiting, ChildLauncher launcher, SystemLog log) : IWatched, IDisposable
{
    private const long Never = long.MaxValue;
    private const long MillisecondsForOne = 10 * 60_000;

    private Settings? _settings;
    private LogPath _path;
    private long _killAt = Never;

    public Child? Child { get; private set; }

    public long NextTick => Math.Min(_killAt, Child?.NextTick ?? Never);

    public void Apply(Settings settings) => _settings = settings;

    /// <summary>Takes the next file that waits, unless a command is running.</summary>
    public void StartNext()
    {
        while (Child is null && waiting.TryDequeue(out _path))
        {
            try
            {
                Start();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                log.Error($"{_path.Path}: exec: {e.Message}");
            }
        }
    }

    public void Serve()
    {
        Child!.SendRest();
        if (Child.Channel.Receive(out Message _, out SafeFileHandle? _) != ChannelStatus.Empty)
            End(Child.WaitForEnd());
    }

    public void Tick(long now)
    {
        if (now >= NextTick)
            End("it takes too long");
    }

    public void Dispose()
    {
        waiting.Clear();
        if (Child is not null)
            End("flowd ends");
    }

    private void Start()
    {
        using Folder folder = _path.OpenFolder(make: false);
        using SafeFileHandle file = folder.OpenForRead(_path.Name);
        Child = launcher.Start(Party.Exec, [$"--command={_path.Line.Exec}", $"--file={_path.Path}"], _settings!.User);
        _killAt = Environment.TickCount64 + MillisecondsForOne;
        Child.Tell(new Message(MessageType.ExecInput), file);
    }

    private void End(string? trouble)
    {
        Child!.Kill();
        Child.WaitForEnd();
        Child.Dispose();
        Child = null;
        _killAt = Never;
        if (trouble is not null)
            log.Warning($"{_path.Path}: exec \"{_path.Line.Exec}\": {trouble}");
        StartNext();
    }
}
