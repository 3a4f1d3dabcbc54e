using System;
using System.IO;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>A batch of records and what came of it, kept until its turn comes. Reused.</summary>
internal sealed class BatchJob(Options options, LogFields stored, bool writes, Messages messages) : IDisposable
{
    private readonly MemoryStream _log = new();
    private readonly ManualResetEventSlim _isDone = new(initialState: true);
    private LogOutput? _output;
    private bool _isSound;

    public LogBatch Batch { get; } = new();

    /// <summary>Keeps the text.</summary>
    public Printer Printer { get; } = new(options, stored, stream: null, messages);

    /// <summary>The octets for the log that is written.</summary>
    public ReadOnlySpan<byte> Log => _log.GetBuffer().AsSpan(0, (int)_log.Length);

    public LogSummary Summary { get; private set; } = LogSummary.Empty;

    /// <summary>False if something is wrong with the batch, and nothing came of it. Waits until that is known.</summary>
    public bool IsSound
    {
        get
        {
            Wait();
            return _isSound;
        }
    }

    public void Wait() => _isDone.Wait();

    /// <summary>What was done before is forgotten.</summary>
    public void Reset()
    {
        _isDone.Reset();
        _log.SetLength(0);
        Printer.Clear();
    }

    public void Dispose()
    {
        _log.Dispose();
        _isDone.Dispose();
    }

    /// <summary>Does all there is to do with the batch.</summary>
    public void Do(Selection selection)
    {
        _isSound = Batch.Verify();
        if (_isSound)
        {
            if (writes)
                _output ??= new LogOutput(_log);
            var run = new LogRun(options, selection, Printer, _output, messages);
            run.ReadOn(Batch);
            run.Flush();
            Summary = run.Summary;
        }

        _isDone.Set();
    }
}
