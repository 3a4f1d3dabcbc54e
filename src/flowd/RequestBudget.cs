using System;

namespace Flowd.Monitor;

/// <summary>How many requests a child may make: a hundred at once, twenty a second for long, and those that we caused ourselves.</summary>
internal sealed class RequestBudget(long now)
{
    private const long MillisecondsEach = 50;
    private const long Most = 100 * MillisecondsEach;

    private long _saved = Most;
    private long _last = now;

    /// <summary>We asked for something that makes the child ask back.</summary>
    public void Allow(int requests) => _saved += requests * MillisecondsEach;

    public bool TryTake(long now)
    {
        _saved = Math.Max(_saved, Math.Min(Most, _saved + now - _last)); // what we allowed beyond the most does not expire
        _last = now;
        if (_saved < MillisecondsEach)
            return false;
        _saved -= MillisecondsEach;
        return true;
    }
}
