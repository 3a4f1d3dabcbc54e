using System;
using System.Globalization;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>
/// Asks the worker from time to time whether it is alive. Its answer, and nothing else, feeds the watchdog of the service manager: a monitor that
/// goes round beside a worker that hangs is not alive.
/// </summary>
internal sealed class Pulse(WorkerKeeper worker, ServiceManager manager, SystemLog log) : ITimed
{
    private const long MillisecondsBetween = 5000;
    private const long MillisecondsToComplain = 60_000;

    /// <summary>A watchdog is fed so many times in its interval.</summary>
    private const int FeedsPerInterval = 4;

    private readonly long _between = manager.Watchdog is { } interval
        ? Math.Clamp((long)interval.TotalMilliseconds / FeedsPerInterval, 1, MillisecondsBetween)
        : MillisecondsBetween;
    private long _answered = Environment.TickCount64;
    private bool _hasComplained;

    public long NextTick { get; private set; } = Environment.TickCount64;

    public void Tick(long now)
    {
        if (now < NextTick)
            return;
        NextTick = now + _between;
        worker.Tell(new Message(MessageType.ProgressWanted), answers: 1);
        if (now - _answered < MillisecondsToComplain || _hasComplained || worker.Child is null)
            return;
        log.Error("the worker has not answered for a minute: a log on a disk that hangs?");
        _hasComplained = true;
    }

    /// <summary>The worker answered: flows stored since its last answer.</summary>
    public void Answered(uint flows)
    {
        long now = Environment.TickCount64;
        double seconds = Math.Max(now - _answered, 1) / 1000.0;
        _answered = now;
        _hasComplained = false;
        manager.Alive(string.Create(CultureInfo.InvariantCulture, $"storing {flows / seconds:0} flows/s"));
    }
}
