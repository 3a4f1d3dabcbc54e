using System;

namespace Flowd.Worker;

/// <summary>
/// How long to rest after the sockets ran dry, so that the next wake-up finds many datagrams instead of one: waking up, with caches that others have used
/// since, costs as much as some twenty datagrams. It follows the rate, within what the kernel's buffers bridge and what those bear who wait for records.
/// </summary>
internal sealed class RestBetweenWakes
{
    /// <summary>Datagrams that one wake-up should find: beside so many it costs next to nothing.</summary>
    private const int Goal = 1024;

    private const double LeastMilliseconds = 0.5;
    private const double MostMilliseconds = 50;
    private const double MostWhenPrompt = 10;

    /// <summary>Of a receive buffer, in octets: what a burst of half a million datagrams a second, of the usual length, fills in a millisecond.</summary>
    private const double BurstInMillisecond = 512 * 1024;
    private const double MostWithSmallestBuffer = 2;

    private double _milliseconds = MostWithSmallestBuffer;
    private int _datagrams;

    /// <summary>Counts what was received since the last rest.</summary>
    public void Count(int datagrams) => _datagrams += datagrams;

    /// <summary>The rest to take now, none if nothing was received.</summary>
    /// <param name="smallestBuffer">That the kernel granted to a socket, in octets.</param>
    /// <param name="isPrompt">Whether somebody wants each record at once.</param>
    public TimeSpan Next(int smallestBuffer, bool isPrompt)
    {
        if (_datagrams == 0)
            return TimeSpan.Zero;
        double most = Math.Clamp(smallestBuffer / BurstInMillisecond, MostWithSmallestBuffer, isPrompt ? MostWhenPrompt : MostMilliseconds);
        double factor = Math.Clamp((double)Goal / _datagrams, 0.5, 2);
        _milliseconds = Math.Clamp(_milliseconds * factor, LeastMilliseconds, most);
        _datagrams = 0;
        return TimeSpan.FromMilliseconds(_milliseconds);
    }
}
