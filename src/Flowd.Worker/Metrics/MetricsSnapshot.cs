using System;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.Metrics;

/// <summary>The memory that the metrics are written to whenever the monitor asks. It came by the channel; the metrics process reads it.</summary>
public sealed class MetricsSnapshot(ChannelEnd monitor, SystemLog messages) : IDisposable
{
    private readonly MetricsReport _report = new(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    private SafeFileHandle? _memory;

    /// <summary>Takes the memory, in place of the one before.</summary>
    public void Attach(SafeFileHandle memory)
    {
        _memory?.Dispose();
        _memory = memory;
    }

    /// <summary>Writes the metrics of now and tells the monitor how long they are: 0 octets if there are none, because no configuration is in force.</summary>
    public void Answer(MetricsSubjects? subjects)
    {
        long length = _memory is null || subjects is null ? 0 : Write(_memory, subjects);
        monitor.TrySend(new Message(MessageType.SnapshotWritten, (uint)length));
    }

    public void Dispose() => _memory?.Dispose();

    // The system may be short of memory: then there are no metrics, which is no reason to end.
    private long Write(SafeFileHandle memory, MetricsSubjects subjects)
    {
        try
        {
            return _report.Write(subjects, RandomAccess.GetLength(memory), (text, offset) => RandomAccess.Write(memory, text, offset));
        }
        catch (IOException e)
        {
            messages.Warning($"metrics: {e.Message}");
            return 0;
        }
    }
}
