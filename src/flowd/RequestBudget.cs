using System;

namespace Flowd.Monitor;

/// <summary>How many requests a child may make: a hundred at once, twenty a second for long, and those that we caused ourselves.</summary>
internal sealed class RequestBudget(long now)
{
    private const long MillisecondsEach = 50;
    private const long Most = 100 * MillisecondsEach;

    /// <summary>Answers that are due at once, at most: a child that keeps silent for days must not save them up for a flood.</summary>
    private const long MostAllowed = 4096 * MillisecondsEach;

    private long _saved = Most;
    private long _last = now;

    /// <summary>We asked for something that makes the child ask back.</summary>
    public void Allow(int requests) => _saved = Math.Min(_saved + requests * MillisecondsEach, MostAllowed);

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
