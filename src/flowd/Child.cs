using System;
using System.Collections.Generic;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// A child and our end of the channel to it. Nothing here waits for it: what it does not read at once is kept, and when it has read nothing for
/// five seconds it is killed.
/// </summary>
internal sealed class Child(ChildProcess process, ChannelEnd channel, string name) : IDisposable
{
    private const long MillisecondsToRead = 5000;

    /// <summary>Several configurations of the largest kind. One that reads a message now and then would else have us keep ever more.</summary>
    private const int MostUnsent = 16_384;

    /// <summary>For a child that closed its channel: it was about to end anyway.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(1);

    private readonly Queue<(byte[] Wire, SafeFileHandle? Attached)> _unsent = new();
    private long _stuckSince;

    public string Name => name;

    public int ProcessId => process.Id;

    public ChannelEnd Channel => channel;

    public RequestBudget Budget { get; } = new(Environment.TickCount64);

    /// <summary>What holds of the sandbox, as the child says.</summary>
    public SandboxLayers Layers { get; set; }

    /// <summary>True once <see cref="SandboxGate"/> found it locked in.</summary>
    public bool IsAdmitted { get; set; }

    public bool HasUnsent => _unsent.Count > 0;

    /// <summary>When the child must have read something, in milliseconds of Environment.TickCount64.</summary>
    public long NextTick => !HasUnsent ? long.MaxValue : _unsent.Count > MostUnsent ? 0 : _stuckSince + MillisecondsToRead;

    /// <summary>Sends a message. A child that is gone is noticed when its channel closes.</summary>
    public void Tell(Message message, SafeFileHandle? attached = null)
    {
        byte[] wire = new byte[Message.Length];
        message.Write(wire);
        Send(wire, attached);
    }

    public void Tell(in Setting setting, SafeFileHandle? attached = null)
    {
        byte[] wire = new byte[Setting.Length];
        setting.Write(wire);
        Send(wire, attached);
    }

    /// <summary>Sends what is kept, as far as there is room.</summary>
    public void SendRest()
    {
        while (_unsent.TryPeek(out (byte[] Wire, SafeFileHandle? Attached) first))
        {
            if (channel.SendAtOnce(first.Wire, first.Attached) == SendStatus.Full)
                return;
            _stuckSince = Environment.TickCount64;
            first.Attached?.DangerousRelease();
            _unsent.Dequeue();
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Waits for its end, which must be near; null for an orderly one, else why.</summary>
    public string? WaitForEnd() => process.WaitForExit(TimeToEnd);

    public void Dispose()
    {
        foreach ((byte[] _, SafeFileHandle? attached) in _unsent)
            attached?.DangerousRelease();
        _unsent.Clear();
        channel.Dispose();
    }

    // A descriptor stays open as long as it is kept, also when its owner closes it.
    private void Send(byte[] wire, SafeFileHandle? attached)
    {
        if (!HasUnsent && channel.SendAtOnce(wire, attached) != SendStatus.Full)
            return;
        if (!HasUnsent)
            _stuckSince = Environment.TickCount64;
        bool isKept = false;
        attached?.DangerousAddRef(ref isKept);
        _unsent.Enqueue((wire, attached));
    }
}
