using Flowd.Decode.Sets;

namespace Flowd.Decode;

/// <summary>
/// What the header of a message tells about the clock of its sender: uptime in ms, null in a protocol that has none, and the time then, in ns since
/// 1970-01-01 UTC.
/// </summary>
internal readonly record struct AgentClock(uint? Uptime, long Now)
{
    /// <summary>A flow that ends after the datagram that reports it: clocks of line cards differ by less than this, in ms.</summary>
    private const long MostAhead = 600_000;

    private const long Wrap = 1L << 32;

    /// <summary>When the agent booted, if uptimes did not wrap.</summary>
    public long Boot => Uptime is { } uptime ? Now - uptime * EpochTime.Millisecond : EpochTime.Invalid;

    /// <summary>
    /// The time when the uptime was so many ms. Uptimes are of 32 bits and wrap after 49.7 days, so one far ahead of the header's is of the round before;
    /// but that of an agent that says 0, which does not know its uptime, can be nothing.
    /// </summary>
    public long At(uint uptime)
    {
        if (Uptime is not { } now)
            return EpochTime.Invalid;
        long ago = (long)now - uptime;
        if (ago < -MostAhead)
            ago += Wrap;
        return now == 0 && ago > 0 ? EpochTime.Invalid : Now - ago * EpochTime.Millisecond;
    }
}
