namespace Flowd.Store;

/// <summary>What became of records, in all logs that share it. For one thread.</summary>
public sealed class LogCounters
{
    /// <summary>Records that were put into a buffer.</summary>
    public ulong RecordsAppended { get; internal set; }

    /// <summary>Records that did not fit into the buffer, or gave way to newer ones. They are in no file.</summary>
    public ulong RecordsDropped { get; internal set; }

    /// <summary>Octets that were written to files, as they are there: compressed, if they are.</summary>
    public ulong BytesWritten { get; internal set; }

    public ulong FailedFlushes { get; internal set; }

    public ulong Syncs { get; internal set; }
}
