using System;
using System.IO;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>A batch of records and what came of it, kept until its turn comes. Reused.</summary>
internal sealed class BatchJob(Options options, LogFields stored, bool writes, Messages messages) : IDisposable
{
    private readonly MemoryStream _log = new();
    private LogOutput? _output;

    public LogBatch Batch { get; } = new();

    /// <summary>The offset in the log where it ends.</summary>
    public long End => Batch.Offset + Batch.Length;

    /// <summary>Keeps the text.</summary>
    public Printer Printer { get; } = new(options, stored, stream: null, messages);

    /// <summary>The octets for the log that is written.</summary>
    public ReadOnlySpan<byte> Log => _log.GetBuffer().AsSpan(0, (int)_log.Length);

    public LogSummary Summary { get; private set; } = LogSummary.Empty;

    /// <summary>True once all is done that there is to do.</summary>
    public bool IsDone { get; set; }

    /// <summary>False if something is wrong with the batch; what came of it before that was found is for nobody.</summary>
    public bool IsSound => Batch.IsSound;

    /// <summary>What was done before is forgotten.</summary>
    public void Reset()
    {
        IsDone = false;
        _log.SetLength(0);
        Printer.Clear();
    }

    public void Dispose() => _log.Dispose();

    /// <summary>Does all there is to do with the batch.</summary>
    public void Do(Selection selection)
    {
        if (writes)
            _output ??= new LogOutput(_log);
        var run = new LogRun(options, selection, Printer, _output, messages);
        run.ReadOn(Batch);
        run.Flush();
        Summary = run.Summary;
    }
}
