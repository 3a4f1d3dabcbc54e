using System;

namespace Flowd.Worker;

/// <summary>
/// How long to rest after the sockets ran dry, so that the next wake-up finds many datagrams instead of one: at moderate rates that saves most of the
/// cost of receiving. It follows the rate, towards most of a ring at each wake-up, within what the kernel's buffers bridge.
/// </summary>
internal sealed class RestBetweenWakes
{
    /// <summary>Datagrams that one wake-up should find.</summary>
    private const int Goal = 48;

    private const double LeastMilliseconds = 0.5;
    private const double MostMilliseconds = 10;

    /// <summary>Where a buffer is smaller than this, in octets, a burst would overflow it in ten milliseconds.</summary>
    private const int SmallBuffer = 1 << 20;
    private const double MostWithSmallBuffer = 2;

    private double _milliseconds = MostWithSmallBuffer;

    /// <summary>The rest to take after a wake-up that found so many datagrams. SmallestBuffer: that the kernel granted to a socket, in octets.</summary>
    public TimeSpan After(int datagrams, int smallestBuffer)
    {
        double most = smallestBuffer < SmallBuffer ? MostWithSmallBuffer : MostMilliseconds;
        double factor = Math.Clamp((double)Goal / Math.Max(datagrams, 1), 0.5, 2);
        _milliseconds = Math.Clamp(_milliseconds * factor, LeastMilliseconds, most);
        return TimeSpan.FromMilliseconds(_milliseconds);
    }
}
