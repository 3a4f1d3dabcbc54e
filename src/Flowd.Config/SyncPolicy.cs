namespace Flowd.Config;

/// <summary>When flowd waits for the disk.</summary>
public enum SyncMode
{
    /// <summary>At the end, and when a file is finished.</summary>
    Never,

    /// <summary>Once in an interval in which something was written.</summary>
    Interval,

    /// <summary>After every write.</summary>
    Always,
}

/// <summary>What <c>sync</c> says. Seconds: the interval, else 0.</summary>
public readonly record struct SyncPolicy(SyncMode Mode, int Seconds = 0);
