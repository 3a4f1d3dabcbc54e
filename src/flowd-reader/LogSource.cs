using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>One log to read, of either version. Damage is reported as it is met.</summary>
internal sealed class LogSource : IDisposable
{
    private readonly LogReader? _reader;
    private readonly LegacyLogReader? _legacy;
    private readonly string _name;
    private readonly Messages _messages;
    private readonly Action _flush;

    // flush brings out what was printed, before something is said about what follows it.
    public LogSource(string name, Stream stream, bool legacy, LogSelection? selection, Messages messages, Action flush)
    {
        _name = name;
        _messages = messages;
        _flush = flush;
        if (legacy)
            _legacy = new LegacyLogReader(stream, Report);
        else
            _reader = new LogReader(stream, Report, selection: selection, goesOn: UnfinishedEnd.Of(stream));
    }

    /// <summary>When the log was begun, if it says so.</summary>
    public uint? Started => _legacy?.StartTime;

    /// <summary>What is known of it: its gaps, and what is added.</summary>
    public LogSummary Summary { get; } = new();

    /// <summary>The octets of the record that was read last, as they stand in the log; empty for one of version 2.</summary>
    public ReadOnlySpan<byte> Octets => _reader is null ? default : _reader.RecordOctets;

    /// <summary>Of threads that print what came of it, or say something about it.</summary>
    public Lock Turn { get; } = new();

    private LogError Status => _legacy?.Status ?? _reader!.Status;

    /// <summary>False, and a message, if this is no log of the version that was asked for and not even begun.</summary>
    public bool Begin()
    {
        if (_legacy is not { Status: not LogError.None })
            return true;
        Refuse();
        return false;
    }

    /// <summary>The next record, see <see cref="LogReader.TryRead(LogFields, ref FlowRecord)"/>.</summary>
    public bool TryRead(LogFields wanted, ref FlowRecord record)
    {
        if (_legacy is not null ? _legacy.TryRead(out record) : _reader!.TryRead(wanted, ref record))
            return true;
        if (Status != LogError.EndOfLog)
            Refuse();
        return false;
    }

    /// <summary>Whether it can be read by the batch.</summary>
    public bool HasBatches => _reader is not null;

    /// <summary>Where the next record begins.</summary>
    public long NextPosition => _reader!.NextPosition;

    public bool TryTakeBatch(LogBatch batch) => _reader!.TryTakeBatch(batch);

    public void PutBack(IReadOnlyCollection<LogBatch> batches) => _reader!.PutBack(batches);

    public void Dispose() => _reader?.Dispose();

    private void Refuse() => _messages.Error(Status switch
    {
        LogError.LegacyLog => $"{_name}: this is a log of version 2 (at offset 0); use -L to read it",
        LogError.Truncated => $"{_name}: not a log of version 2: it ends inside the file header (at offset 0)",
        _ => $"{_name}: {LogErrorText.Describe(Status)}: no such file header (at offset 0)",
    });

    private void Report(LogGap gap)
    {
        lock (Turn)
        {
            _flush();
            Summary.Add(gap);
            string octets = gap.Length == 1 ? "octet" : "octets";
            _messages.Error($"{_name}: damaged at offset {gap.Offset}, {gap.Length} {octets} skipped ({LogErrorText.Describe(gap.Cause)})");
        }
    }
}
