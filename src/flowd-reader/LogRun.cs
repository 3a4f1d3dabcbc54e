using System;
using System.Numerics;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>What is done with the records of logs: printed, written, counted. One log after the other.</summary>
internal sealed class LogRun(Options options, Selection selection, Printer printer, LogOutput? output, Messages messages)
{
    private readonly LogFields _wanted = options.Checks ? LogSummary.Reads
        : options.RepairFile is not null ? LogFields.None
        : output is not null ? LogFields.Everything
        : selection.Reads | printer.Reads;

    private readonly bool _isForNobody = output is null && options.Verbosity == Verbosity.Quiet;

    /// <summary>True if nobody takes what comes of it.</summary>
    public bool IsOver => OutputFailed || (printer.IsClosed && output is null);

    /// <summary>The log that is written cannot be, which has been said.</summary>
    public bool OutputFailed { get; private set; }

    public LogSummary Summary { get; private set; } = LogSummary.Empty;

    /// <summary>Reads a log to its end, as <paramref name="readOn"/> does it; false if it is none.</summary>
    public bool Read(string name, LogSource source, Action<LogSource> readOn)
    {
        if (!source.Begin())
            return false;
        Summary = source.Summary;
        printer.BeginLog(name, source.Started);
        readOn(source);
        return true;
    }

    /// <summary>What is taken from here on is of that log.</summary>
    public void Begin(string name) => printer.BeginLog(name, null);

    /// <summary>Reads what has come since.</summary>
    public void ReadOn(LogSource source)
    {
        FlowRecord record = default;
        for (long read = 0; (options.Head == 0 || read < options.Head) && !IsOver && TryTake(source, ref record); read++)
        {
        }
    }

    /// <summary>Takes what was found to be true.</summary>
    public void ReadOn(LogBatch batch)
    {
        FlowRecord record = default;
        while (batch.TryRead(out BatchRun run))
        {
            if (options.Checks)
                Summary.Add(in run);
            else if (options.RepairFile is not null)
                Copy(run.Octets);
            else if (selection.TryAccept(in run, out ulong accepted))
                Put(in run, accepted, ref record);
            else
                TakeEach(in run, ref record);
        }
    }

    /// <summary>Takes the next record, if there is one; pass what came of the last one.</summary>
    public bool TryTake(LogSource source, ref FlowRecord record)
    {
        if (!source.TryRead(_wanted, ref record))
            return false;
        Take(ref record, source.Octets);
        return true;
    }

    /// <summary>Takes one record, with its octets as they stand in the log.</summary>
    public void Take(ref FlowRecord record, ReadOnlySpan<byte> octets)
    {
        if (options.Checks)
            Summary.Add(in record, octets.Length);
        else if (options.RepairFile is not null)
            Copy(octets);
        else if (selection.Accepts(ref record, octets.Slice(record.OtherOffset, record.OtherLength)))
            Put(in record, octets);
    }

    public void Flush()
    {
        printer.Flush();
        Try(static output => output.Flush());
    }

    /// <summary>What cannot be written makes an end of it.</summary>
    public void Fail(Exception exception)
    {
        OutputFailed = true;
        if (!options.TargetIsStandard || !SystemError.IsBrokenPipe(exception))
            messages.Error(options.TargetIsStandard ? "standard output" : options.Target!, exception);
    }

    private void TakeEach(in BatchRun run, ref FlowRecord record)
    {
        for (int i = 0; i < run.Count; i++)
        {
            run.Read(i, _wanted, ref record);
            Take(ref record, run.OctetsOf(i));
        }
    }

    private void Put(in BatchRun run, ulong accepted, ref FlowRecord record)
    {
        if (_isForNobody)
            return;
        for (ulong rest = accepted; rest != 0; rest &= rest - 1)
        {
            int i = BitOperations.TrailingZeroCount(rest);
            run.Read(i, _wanted, ref record);
            selection.Change(i, ref record);
            Put(in record, run.OctetsOf(i));
        }
    }

    private void Put(in FlowRecord record, ReadOnlySpan<byte> octets)
    {
        printer.Print(in record, octets);
        try
        {
            output?.Write(in record, selection.Stored, octets.Slice(record.OtherOffset, record.OtherLength));
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }

    /// <summary>Writes octets that are records.</summary>
    public void Copy(ReadOnlySpan<byte> octets)
    {
        try
        {
            output!.Write(octets);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }

    private void Try(Action<LogOutput> action)
    {
        try
        {
            if (output is not null && !OutputFailed)
                action(output);
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            Fail(e);
        }
    }
}
