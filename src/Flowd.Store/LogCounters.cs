namespace Flowd.Store;

/// <summary>What became of the records of one log. What it counts, <paramref name="whole"/> counts too, over all logs. For one thread.</summary>
public sealed class LogCounters(LogCounters? whole = null)
{
    /// <summary>Records that were put into a buffer.</summary>
    public ulong RecordsAppended { get; private set; }

    /// <summary>Their octets, before any compression.</summary>
    public ulong OctetsAppended { get; private set; }

    /// <summary>Records that did not fit into the buffer, or gave way to newer ones. They are in no file.</summary>
    public ulong RecordsDropped { get; private set; }

    /// <summary>Octets that were written to files, as they are there: compressed, if they are.</summary>
    public ulong BytesWritten { get; private set; }

    public ulong FailedFlushes { get; private set; }

    public ulong Syncs { get; private set; }

    internal void CountAppended(int octets, int records = 1)
    {
        RecordsAppended += (uint)records;
        OctetsAppended += (uint)octets;
        whole?.CountAppended(octets, records);
    }

    internal void CountDropped(int records)
    {
        RecordsDropped += (uint)records;
        whole?.CountDropped(records);
    }

    internal void CountFlush(long octets, bool succeeded)
    {
        BytesWritten += (ulong)octets;
        FailedFlushes += succeeded ? 0u : 1u;
        whole?.CountFlush(octets, succeeded);
    }

    internal void CountSync()
    {
        Syncs++;
        whole?.CountSync();
    }
}
