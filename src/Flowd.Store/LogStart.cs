using System;
using System.IO;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>Which of several logs is the older one.</summary>
public static class LogStart
{
    /// <summary>
    /// When the first flow of a log was received, to the second; null if that cannot be told. An index tells it; else the first record is read. Throws what
    /// reading throws.
    /// </summary>
    public static DateTimeOffset? TimeOf(Stream log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (log.CanSeek && LogIndex.TryRead(log, out LogIndex? index) == LogError.None && index is { Blocks: [var first, ..] })
            return DateTimeOffset.FromUnixTimeSeconds(first.FirstSeconds);
        using var reader = new LogReader(log);
        bool isThere = reader.TryRead(out FlowRecord record) && (record.Fields & LogFields.RecvTime) != 0;
        return isThere ? DateTimeOffset.FromUnixTimeSeconds(record.ReceivedSeconds) : null;
    }
}
