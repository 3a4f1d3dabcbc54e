using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>
/// Reads one log with several threads, of which this is one. Each takes some records, verifies, filters and prints them: so octets are looked at by the processor
/// that has read them. What came of a batch is written when those before it are. A batch in which something is wrong is put back with all behind it and read record
/// by record, so damage is found as it is by one thread.
/// </summary>
internal sealed class BatchSession(Options options, int threads, Selection selection, LogRun run, Printer printer, bool writes, Messages messages) : IDisposable
{
    private const int MostThreads = 16;
    private const int Ahead = 2; // batches that are done and wait for one before them
    private const int LeastCareful = 256 * 1024; // octets: as damage makes all threads stop, and there may be more of it
    private const long LeastLog = 1024 * 1024; // octets for which it pays

    private readonly object _lock = new();
    private readonly List<BatchJob> _pending = [];
    private readonly Stack<BatchJob> _free = new(); // the last one first, as it is at hand in some processor's cache
    private readonly List<Selection> _selections = [];
    private long _written; // up to which offset all is
    private bool _isWriting;
    private bool _isOver;

    /// <summary>False with -d, as counters of rules are those of one thread that goes from record to record, and with -H, as it is known only late how many those are to be.</summary>
    public static bool Suits(Options options) => options.Head == 0 && !options.Debug;

    /// <summary>False for a log that is small, no file, or of version 2.</summary>
    public static bool Suits(LogSource source, Stream stream) => source.HasBatches && stream is { CanSeek: true, Length: > LeastLog };

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
        int count = Math.Min(threads, MostThreads);
        for (int i = 0; i < count; i++)
            _selections.Add(selection.Fork());
        for (int i = 0; i < count + Ahead; i++)
            _free.Push(new BatchJob(options, selection.Stored, writes, messages));
    }

    // Up to the end, or to where something is wrong.
    private void ReadBatches(LogSource source)
    {
        (_written, _isOver) = (source.NextPosition, false);
        Thread[] others = [.. _selections.Skip(1).Select(own => new Thread(() => Work(source, own)) { IsBackground = true })];
        foreach (Thread thread in others)
            thread.Start();
        Work(source, _selections[0]);
        foreach (Thread thread in others)
            thread.Join();
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
        if (TakeFree() is not { } job)
            return null;
        bool isTaken = TryTakeBatch(source, job);
        lock (_lock)
        {
            if (isTaken)
                _pending.Add(job);
            else
                Stop(job);
        }

        return isTaken ? job : null;
    }

    // Null if nothing more is wanted, or to be had.
    private BatchJob? TakeFree()
    {
        lock (_lock)
        {
            BatchJob? job = null;
            while (!_isOver && !run.IsOver && !_free.TryPop(out job))
                Monitor.Wait(_lock);
            job?.Reset();
            return job;
        }
    }

    private static bool TryTakeBatch(LogSource source, BatchJob job)
    {
        try
        {
            return source.TryTakeBatch(job.Batch);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            return false; // it is met again, when all before it is written
        }
    }

    private void Stop(BatchJob unused)
    {
        _free.Push(unused);
        _isOver = true;
        Monitor.PulseAll(_lock);
    }

    // Who finds the next one done writes it, and those behind it.
    private void Finish(LogSource source, BatchJob done)
    {
        lock (_lock)
        {
            done.IsDone = true;
            if (_isWriting)
                return;
            _isWriting = true;
        }

        while (NextDone() is { } job)
        {
            Write(source, job);
            lock (_lock)
            {
                _written = job.End;
                _pending.Remove(job);
                _free.Push(job);
                Monitor.PulseAll(_lock);
            }
        }
    }

    // Null if nothing can be written now.
    private BatchJob? NextDone()
    {
        lock (_lock)
        {
            BatchJob? next = _pending.Find(job => job.Batch.Offset == _written);
            if (next is { IsDone: true, IsSound: true })
                return next;
            if (next is { IsDone: true })
            {
                _isOver = true;
                Monitor.PulseAll(_lock);
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

    // What was found to be wrong, and what was taken behind it. Returns up to where to be careful.
    private long PutBack(LogSource source)
    {
        BatchJob[] jobs = [.. _pending.OrderBy(job => job.Batch.Offset)];
        _pending.Clear();
        source.PutBack([.. jobs.Select(job => job.Batch)]);
        foreach (BatchJob job in jobs)
            _free.Push(job);
        return jobs is [var wrong, ..] ? wrong.End : 0;
    }
}
