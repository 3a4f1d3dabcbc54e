using System;

namespace Flowd.Store;

/// <summary>How many octets of records may wait, in the buffers of all logs that share it. For one thread.</summary>
public sealed class BufferBudget(long limit)
{
    public const long DefaultLimit = 64 * 1024 * 1024;

    private long _limit = Clamp(limit);

    public long Limit
    {
        get => _limit;
        set => _limit = Clamp(value);
    }

    /// <summary>What waits.</summary>
    public long Used { get; internal set; }

    private static long Clamp(long octets) => Math.Clamp(octets, 0, Array.MaxLength);
}
