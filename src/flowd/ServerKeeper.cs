using System;
using System.ComponentModel;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>
/// Keeps a process running that serves strangers on sockets that it was given. It is not worth ending flowd for, nor being restarted in haste.
/// </summary>
/// <param name="role">What it is.</param>
/// <param name="name">The same for people.</param>
/// <param name="restartDelay">How long to wait, in milliseconds, before another is started.</param>
/// <param name="launcher">Starts it.</param>
/// <param name="gate">Looks whether it is locked in.</param>
/// <param name="log">Where messages go.</param>
internal abstract class ServerKeeper(Party role, string name, long restartDelay, ChildLauncher launcher, SandboxGate gate, SystemLog log) : IWatched, IDisposable
{
    private const long Never = long.MaxValue;

    private long _restartAt = Never;

    public Child? Child { get; private set; }

    public virtual long NextTick => Math.Min(_restartAt, Child?.NextTick ?? Never);

    protected SystemLog Log => log;

    /// <summary>The settings in force.</summary>
    protected Settings? Settings { get; set; }

    public void Serve()
    {
        Child!.SendRest();
        ChannelStatus status = Child.Channel.Receive(out Message message, out _);
        if (status == ChannelStatus.Message && !Child.Budget.TryTake(Environment.TickCount64))
            Failed("too many requests");
        else if (status == ChannelStatus.Message)
            Hear(message);
        else if (status == ChannelStatus.Malformed)
            Failed(Child.Channel.Violation.ToString());
        else if (status == ChannelStatus.Closed)
            Gone(Child.WaitForEnd());
    }

    public virtual void Tick(long now)
    {
        if (now >= _restartAt)
            Start();
        else if (Child?.NextTick <= now)
            Failed("it does not read what it is told");
    }

    public virtual void Dispose() => End();

    protected void Start()
    {
        _restartAt = Never;
        try
        {
            Child = launcher.Start(role, [], Settings!.User);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Failed(e.Message);
            return;
        }

        Brief(Child);
    }

    /// <summary>Tells a process that has just been started what it is for.</summary>
    protected abstract void Brief(Child child);

    /// <summary>The process, found locked in, says or wants something.</summary>
    protected abstract void Obey(Message message);

    /// <summary>It has ended by itself; null as reason if in order.</summary>
    protected virtual void Gone(string? reason) => Failed(reason ?? "exit status 0");

    protected void Failed(string reason)
    {
        log.Error($"the process that {name} failed ({reason}); starting another in {restartDelay / 1000} s");
        End();
        _restartAt = Environment.TickCount64 + restartDelay;
    }

    protected virtual void End()
    {
        Child?.Kill();
        Child?.WaitForEnd();
        Child?.Dispose();
        Child = null;
        _restartAt = Never;
    }

    private void Hear(Message message)
    {
        if (message.Type == MessageType.Sandboxed)
        {
            Child!.Layers = (SandboxLayers)message.Argument;
            if (!gate.Admit(Child, Settings!.RequiresSandbox))
                Failed("its sandbox is not as it must be");
        }
        else if (!Child!.IsAdmitted)
        {
            Failed("it says nothing of its sandbox");
        }
        else
        {
            Obey(message);
        }
    }
}
