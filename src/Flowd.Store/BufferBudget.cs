using System;

namespace Flowd.Store;

/// <summary>How many octets of records may wait, in the buffers of all logs that share it. For one thread.</summary>
public sealed class BufferBudget(long limit)
{
    public const long DefaultLimit = 64 * 1024 * 1024;

    public long Limit { get; } = Math.Clamp(limit, 0, Array.MaxLength);

    /// <summary>What waits.</summary>
    public long Used { get; internal set; }
}
