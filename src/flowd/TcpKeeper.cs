using System;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// Keeps the process running that takes the connections of exporters, where the configuration wants one. A reload changes what it does, and leaves
/// connections as they are whose line stays.
/// </summary>
internal sealed class TcpKeeper(ChildLauncher launcher, SandboxGate gate, SocketSet sockets, PassedFiles files, SystemLog log)
    : ServerKeeper(Party.Tcp, "takes connections", RestartDelay, launcher, gate, log)
{
    /// <summary>Meanwhile the kernel takes connections, up to the backlog.</summary>
    private const long RestartDelay = 1000;

    /// <summary>For what is whole already to be handed on.</summary>
    private const long MillisecondsToStop = 2000;

    private Action? _whenStopped;
    private long _stopBy = long.MaxValue;

    /// <summary>Whether connections are taken, if any are to be.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Set when flowd's own start must end: the files of the configuration are not what they should be, which has been said.</summary>
    public int? ExitStatus { get; private set; }

    /// <summary>Something has become ready.</summary>
    public event Action? Ready;

    public override long NextTick => Math.Min(base.NextTick, _stopBy);

    /// <summary>Puts settings in force whose sockets and files are open.</summary>
    public void Apply(Settings settings)
    {
        Settings = settings;
        if (sockets.Sessions.Count == 0)
        {
            End();
            IsReady = true;
        }
        else if (Child is null)
        {
            Start();
        }
        else
        {
            Brief(Child);
        }
    }

    /// <summary>Has it hand on what it has, and end; then calls <paramref name="whenStopped"/>. A second call does not wait.</summary>
    public void Stop(Action whenStopped)
    {
        bool waits = Child is not null && _whenStopped is null;
        _whenStopped = whenStopped;
        if (!waits)
        {
            Gone(reason: null);
            return;
        }

        _stopBy = Environment.TickCount64 + MillisecondsToStop;
        Child!.Tell(new Message(MessageType.Stop));
    }

    public override void Tick(long now)
    {
        if (now >= _stopBy)
            Gone("it does not stop");
        else
            base.Tick(now);
    }

    protected override void Brief(Child child)
    {
        child.Budget.Allow(1);
        child.Tell(new Message(MessageType.BoundConfiguration), Settings!.Bound);
        foreach ((int line, SafeFileHandle listener, SafeFileHandle inlet) in sockets.Sessions)
        {
            child.Tell(new Message(MessageType.SessionListener, (uint)line), listener);
            child.Tell(new Message(MessageType.SessionInlet, (uint)line), inlet);
        }

        foreach ((uint number, SafeFileHandle file) in files.Opened)
            child.Tell(new Message(MessageType.TlsContent, number), file);
        child.Tell(new Message(MessageType.Apply));
    }

    protected override void Obey(Message message)
    {
        if (message.Type == MessageType.Ready)
        {
            IsReady = true;
            Ready?.Invoke();
        }
        else if (message.Type == MessageType.Failed && !IsReady)
        {
            ExitStatus = 1;
        }
    }

    protected override void Gone(string? reason)
    {
        if (_whenStopped is not { } whenStopped)
        {
            base.Gone(reason);
            return;
        }

        if (reason is not null)
            Log.Error($"the process that takes connections: {reason}");
        End();
        (_whenStopped, _stopBy) = (null, long.MaxValue);
        whenStopped();
    }
}
