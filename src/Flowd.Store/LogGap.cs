namespace Flowd.Store;

/// <summary>A stretch of a log that holds no records: where, how long (both in octets), and what was wrong with its start.</summary>
public readonly record struct LogGap(long Offset, long Length, LogError Cause);
