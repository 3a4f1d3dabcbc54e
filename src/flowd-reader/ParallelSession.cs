using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Flowd.Reader;

/// <summary>
/// Reads several logs at a time, each by a thread that does all that there is to do with it; what comes of them is written in the order of the logs.
/// </summary>
internal sealed class ParallelSession(Options options, Selection selection, ProgressBar? progress, Printer printer, LogOutput? output, Messages messages)
{
    /// <summary>Reads all; what goes wrong with the output is for <paramref name="run"/> to know.</summary>
    public void Read(List<string> paths, LogRun run, LogSummary total)
    {
        var running = new Queue<Job>();
        for (int next = 0; next < paths.Count || running.Count > 0;)
        {
            while (next < paths.Count && running.Count < options.Jobs && !run.IsOver)
            {
                running.Enqueue(Start(paths[next], isFirst: next == 0));
                next++;
            }

            if (!running.TryDequeue(out Job? job))
                return;
            Write(job, run);
            job.Thread.Join();
            total.Add(job.Summary);
            if (job.Selection.Filter is { } fork)
                selection.Filter!.AddCounters(fork);
            job.Queue.Dispose();
        }
    }

    private Job Start(string path, bool isFirst)
    {
        var job = new Job(path, selection.Fork());
        job.Thread = new Thread(() => Read(job, isFirst)) { IsBackground = true };
        job.Thread.Start();
        return job;
    }

    private void Read(Job job, bool isFirst)
    {
        var said = new Messages(job.Queue.Writer(ChunkKind.Message));
        var ownPrinter = new Printer(options, selection.Stored, job.Queue.Writer(ChunkKind.Text), said, hasHeader: !isFirst);
        var ownOutput = output is null ? null : new LogOutput(job.Queue.Writer(ChunkKind.Log));
        var run = new LogRun(options, job.Selection, ownPrinter, ownOutput, said);
        using var batches = new BatchSession(options, threads: 1, job.Selection, run, ownPrinter, output is not null, said);
        try
        {
            using Stream stream = Session.Open(job.Path, progress);
            using var source = new LogSource(job.Path, stream, options.Legacy, job.Selection.Logs, said, ownPrinter.Flush);
            Action<LogSource> readOn = BatchSession.Suits(options) && BatchSession.Suits(source, stream) ? batches.Read : run.ReadOn;
            if (run.Read(job.Path, source, readOn) && options.Checks)
                ownPrinter.Print(run.Summary.Describe(job.Path, ownPrinter.Time));
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            ownPrinter.Flush();
            said.Error(job.Path, e);
        }

        run.Flush();
        job.Summary.Add(run.Summary);
        job.AnyError = said.AnyError;
        job.Queue.Complete();
    }

    private void Write(Job job, LogRun run)
    {
        while (!run.IsOver && job.Queue.TryTake(out (ChunkKind Kind, byte[] Octets) chunk))
        {
            if (chunk.Kind == ChunkKind.Text)
                printer.Print(chunk.Octets);
            else if (chunk.Kind == ChunkKind.Message)
                Say(chunk.Octets);
            else
                run.Copy(chunk.Octets);
        }

        job.Queue.Close();
        if (job.AnyError)
            messages.NoteError();
    }

    private void Say(byte[] message)
    {
        printer.Flush();
        messages.Write(message);
    }

    private sealed class Job(string path, Selection selection)
    {
        public string Path => path;

        public Selection Selection => selection;

        public ChunkQueue Queue { get; } = new();

        public LogSummary Summary { get; } = LogSummary.Empty;

        public Thread Thread { get; set; } = null!;

        public bool AnyError { get; set; }
    }
}
