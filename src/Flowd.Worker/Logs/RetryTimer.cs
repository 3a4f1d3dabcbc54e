using System;

namespace Flowd.Worker.Logs;

/// <summary>When to try again what failed: after a tenth of a second, then after twice the pause before, ten seconds at most.</summary>
internal sealed class RetryTimer
{
    private const long FirstPause = 100;
    private const long LongestPause = 10_000;

    private long _pause;

    /// <summary>Milliseconds of Environment.TickCount64; in the past while all is well.</summary>
    public long Next { get; private set; }

    public bool IsRunning => _pause > 0;

    public void Failed(long now)
    {
        _pause = Math.Clamp(_pause * 2, FirstPause, LongestPause);
        Next = now + _pause;
    }

    /// <summary>The next try has its moment, and is no sign of trouble.</summary>
    public void Wait(long now, long milliseconds)
    {
        _pause = 1;
        Next = now + milliseconds;
    }

    public void Succeeded() => (_pause, Next) = (0, 0);
}
