using System;
using System.Collections.Generic;
using System.Globalization;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>
/// Asks the workers from time to time whether they are alive. Their answers, and nothing else, feed the watchdog of the service manager: a monitor
/// that goes round beside a worker that hangs is not alive.
/// </summary>
internal sealed class Pulse(WorkerGroup workers, ServiceManager manager, SystemLog log) : ITimed
{
    private const long MillisecondsBetween = 5000;
    private const long MillisecondsToComplain = 60_000;

    /// <summary>A watchdog is fed so many times in its interval.</summary>
    private const int FeedsPerInterval = 4;

    private readonly long _between = manager.Watchdog is { } interval
        ? Math.Clamp((long)interval.TotalMilliseconds / FeedsPerInterval, 1, MillisecondsBetween)
        : MillisecondsBetween;
    private readonly Dictionary<WorkerKeeper, (long At, bool HasComplained)> _answered = [];
    private readonly HashSet<WorkerKeeper> _heard = []; // since the watchdog was fed
    private readonly long _started = Environment.TickCount64;
    private long _fed = Environment.TickCount64;
    private ulong _flows;

    public long NextTick { get; private set; } = Environment.TickCount64;

    public void Tick(long now)
    {
        if (now < NextTick)
            return;
        NextTick = now + _between;
        workers.Tell(new Message(MessageType.ProgressWanted), answers: 1);
        foreach (WorkerKeeper worker in workers.Keepers)
            Complain(worker, now);
    }

    /// <summary>A worker answered: flows stored since its last answer.</summary>
    public void Answered(WorkerKeeper worker, uint flows)
    {
        long now = Environment.TickCount64;
        _answered[worker] = (now, false);
        _heard.Add(worker);
        _flows += flows;
        if (_heard.Count < workers.Keepers.Count)
            return;
        double seconds = Math.Max(now - _fed, 1) / 1000.0;
        manager.Alive(string.Create(CultureInfo.InvariantCulture, $"storing {_flows / seconds:0} flows/s"));
        _heard.Clear();
        (_fed, _flows) = (now, 0);
    }

    private void Complain(WorkerKeeper worker, long now)
    {
        (long at, bool hasComplained) = _answered.GetValueOrDefault(worker, (_started, false));
        if (now - at < MillisecondsToComplain || hasComplained || worker.Child is null)
            return;
        log.Error($"{worker.Name} has not answered for a minute: a log on a disk that hangs?");
        _answered[worker] = (at, true);
    }
}
