using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>
/// Reads one log with several threads. This one cuts it into batches by the headers of the records and writes what came of them, in their order; the others
/// verify, filter and print. A batch in which something is wrong is put back with all behind it and read record by record, so damage is found as it is by
/// one thread.
/// </summary>
internal sealed class BatchSession(Options options, Selection selection, LogRun run, Printer printer, bool writes, Messages messages) : IDisposable
{
    private const int MostThreads = 16;
    private const int Ahead = 2; // batches that wait for a thread

    private readonly BlockingCollection<BatchJob> _toDo = [];
    private readonly Queue<BatchJob> _pending = new();
    private readonly Queue<BatchJob> _free = new();
    private bool _hasBegun;

    /// <summary>Reads what is left of a log.</summary>
    public void Read(LogSource source)
    {
        Begin();
        try
        {
            ReadAll(source);
        }
        finally
        {
            while (_pending.TryDequeue(out BatchJob? job))
                Release(job);
        }
    }

    public void Dispose()
    {
        _toDo.CompleteAdding();
        foreach (BatchJob job in _free)
            job.Dispose();
    }

    private void ReadAll(LogSource source)
    {
        FlowRecord record = default;
        long carefulTo = 0;
        while (!run.IsOver)
        {
            if (_free.Count > 0 && source.NextPosition >= carefulTo && source.TryTakeBatch(_free.Peek().Batch))
                Start(_free.Dequeue());
            else if (_pending.Count > 0)
                carefulTo = TryFinish(source) ? carefulTo : PutBack(source);
            else if (!run.TryTake(source, ref record))
                break;
        }
    }

    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        int threads = Math.Min(options.Jobs, MostThreads);
        for (int i = 0; i < threads + Ahead; i++)
            _free.Enqueue(new BatchJob(options, selection.Stored, writes, messages));
        for (int i = 0; i < threads; i++)
        {
            Selection own = selection.Fork();
            new Thread(() => Work(own)) { IsBackground = true }.Start();
        }
    }

    private void Work(Selection own)
    {
        foreach (BatchJob job in _toDo.GetConsumingEnumerable())
            job.Do(own);
    }

    private void Start(BatchJob job)
    {
        job.Reset();
        _pending.Enqueue(job);
        _toDo.Add(job);
    }

    // False, and nothing is taken of it, if something is wrong with the oldest batch.
    private bool TryFinish(LogSource source)
    {
        BatchJob job = _pending.Peek();
        if (!job.IsSound)
            return false;
        printer.Take(job.Printer);
        if (writes)
            run.Copy(job.Log);
        source.Summary.Add(job.Summary);
        Release(_pending.Dequeue());
        return true;
    }

    // Returns up to where to be careful.
    private long PutBack(LogSource source)
    {
        BatchJob wrong = _pending.Peek();
        long end = wrong.Batch.Offset + wrong.Batch.Length;
        BatchJob[] jobs = [.. _pending];
        _pending.Clear();
        foreach (BatchJob job in jobs)
            job.Wait();
        source.PutBack([.. jobs.Select(job => job.Batch)]);
        foreach (BatchJob job in jobs)
            Release(job);
        return end;
    }

    private void Release(BatchJob job)
    {
        job.Wait();
        _free.Enqueue(job);
    }
}
