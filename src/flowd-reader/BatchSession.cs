using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>
/// Reads one log with several threads, of which this is one. In turn each takes the next records, of which it looks at the headers alone, and while the others
/// do the same verifies, filters and prints them: so octets are looked at by the processor that has read them. What came of a batch is written when those before
/// it are. A batch in which something is wrong is put back with all behind it and read record by record, so damage is found as it is by one thread.
/// </summary>
internal sealed class BatchSession(Options options, Selection selection, LogRun run, Printer printer, bool writes, Messages messages) : IDisposable
{
    private const int MostThreads = 16;
    private const int Ahead = 2; // batches that are done and wait for one before them
    private const int LeastCareful = 256 * 1024; // octets: as damage makes all threads stop, and there may be more of it

    private readonly Lock _turn = new(); // of who reads
    private readonly object _lock = new(); // of what follows
    private readonly Queue<BatchJob> _pending = new();
    private readonly Stack<BatchJob> _free = new();
    private readonly List<Selection> _selections = [];
    private bool _isWriting;
    private bool _isOver;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads what is left of a log.</summary>
    public void Read(LogSource source)
    {
        Begin();
        FlowRecord record = default;
        while (!run.IsOver)
        {
            ReadBatches(source);
            long carefulTo = Math.Max(PutBack(source), source.NextPosition + LeastCareful);
            while (source.NextPosition < carefulTo && !run.IsOver)
            {
                if (!run.TryTake(source, ref record))
                    return;
            }
        }
    }

    public void Dispose()
    {
        foreach (BatchJob job in _free.Concat(_pending))
            job.Dispose();
    }

    private void Begin()
    {
        if (_selections.Count > 0)
            return;
        int threads = Math.Min(options.Jobs, MostThreads);
        for (int i = 0; i < threads; i++)
            _selections.Add(selection.Fork());
        for (int i = 0; i < threads + Ahead; i++)
            _free.Push(new BatchJob(options, selection.Stored, writes, messages));
    }

    // Up to the end, or to where something is wrong.
    private void ReadBatches(LogSource source)
    {
        _isOver = false;
        Thread[] others = [.. _selections.Skip(1).Select(own => new Thread(() => Work(source, own)) { IsBackground = true })];
        foreach (Thread thread in others)
            thread.Start();
        Work(source, _selections[0]);
        foreach (Thread thread in others)
            thread.Join();
        _failure?.Throw();
    }

    private void Work(LogSource source, Selection own)
    {
        while (Take(source) is { } job)
        {
            job.Do(own);
            Finish(source, job);
        }
    }

    private BatchJob? Take(LogSource source)
    {
        lock (_turn)
        {
            if (TakeFree() is not { } job)
                return null;
            if (TryTakeBatch(source, job))
                return job;
            lock (_lock)
            {
                _isOver = true;
                _free.Push(job);
            }

            return null;
        }
    }

    private BatchJob? TakeFree()
    {
        lock (_lock)
        {
            BatchJob? job = null;
            while (!_isOver && !run.IsOver && !_free.TryPop(out job))
                Monitor.Wait(_lock);
            return job;
        }
    }

    private bool TryTakeBatch(LogSource source, BatchJob job)
    {
        try
        {
            if (!source.TryTakeBatch(job.Batch))
                return false;
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return false;
        }

        job.Reset();
        lock (_lock)
            _pending.Enqueue(job);
        return true;
    }

    // Who finds the oldest done writes it, and those behind it.
    private void Finish(LogSource source, BatchJob done)
    {
        lock (_lock)
        {
            done.IsDone = true;
            if (_isWriting)
                return;
            _isWriting = true;
        }

        while (OldestDone() is { } job)
        {
            Write(source, job);
            lock (_lock)
            {
                _free.Push(_pending.Dequeue());
                Monitor.Pulse(_lock);
            }
        }
    }

    // Null if nothing can be written now.
    private BatchJob? OldestDone()
    {
        lock (_lock)
        {
            if (_pending.TryPeek(out BatchJob? oldest) && oldest.IsDone)
            {
                if (oldest.IsSound)
                    return oldest;
                _isOver = true;
                Monitor.Pulse(_lock);
            }

            _isWriting = false;
            return null;
        }
    }

    private void Write(LogSource source, BatchJob job)
    {
        lock (source.Turn)
        {
            printer.Take(job.Printer);
            if (writes)
                run.Copy(job.Log);
            source.Summary.Add(job.Summary);
        }
    }

    // What was found to be wrong, and what was taken after it. Returns up to where to be careful.
    private long PutBack(LogSource source)
    {
        if (!_pending.TryPeek(out BatchJob? wrong))
            return 0;
        long end = wrong.Batch.Offset + wrong.Batch.Length;
        source.PutBack([.. _pending.Select(job => job.Batch)]);
        while (_pending.TryDequeue(out BatchJob? job))
            _free.Push(job);
        return end;
    }
}
