using System;
using System.Collections.Generic;
using Flowd.Anonymize;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Records;
using Flowd.Store;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.Logs;

/// <summary>
/// All logs of the configuration in force. Each flow goes to every line that wants it; each line has one file, or one for each exporter or tag. For
/// one thread. Times are milliseconds: now of Environment.TickCount64, wall since 1970-01-01 UTC.
/// </summary>
public sealed class LogSet(ChannelEnd monitor, StateSaver state, SystemLog messages) : IDisposable
{
    private const long MillisecondsBetweenComplaints = 60_000;

    /// <summary>At the end, for a pipe or a disk to take the last of it.</summary>
    private const long MillisecondsAtEnd = 1000;
    private const long MillisecondsBetweenTries = 10;

    private readonly LogDesk _desk = new(monitor);
    private readonly List<LogOutput> _outputs = [];
    private readonly Dictionary<(int Line, LogKey Key), LogOutput> _byKey = [];
    private LogLine[] _lines = [];
    private LogOutput?[] _singles = []; // by line
    private int _mostFiles;
    private ulong _refusedBefore;
    private long _nextComplaint;

    /// <summary>Turns at writing, where other workers write to the same logs; to be set before lines are put in force.</summary>
    public ITurns? Turns { get; set; }

    /// <summary>What became of flows, over all logs since the start. One flow may count for several.</summary>
    public LogCounters Counters { get; } = new();

    /// <summary>What became of what exporters tell beside flows.</summary>
    public LogCounters NoteCounters { get; } = new();

    /// <summary>Flows that got no file of their own because too many are open.</summary>
    public ulong RecordsRefused { get; private set; }

    /// <summary>Records that are in no file, for whatever reason.</summary>
    public ulong RecordsLost => Counters.RecordsDropped + RecordsRefused;

    /// <summary>Files that were gone on from, to the next one.</summary>
    public ulong Rotations { get; private set; }

    public IReadOnlyList<LogOutput> Outputs => _outputs;

    /// <summary>Files that are open, or wanted.</summary>
    public int Files => _outputs.Count;

    /// <summary>Octets that wait to be written.</summary>
    public long Pending
    {
        get
        {
            long pending = 0;
            foreach (LogOutput output in _outputs)
                pending += output.Appender.Pending;
            return pending;
        }
    }

    /// <summary>The length that the one log there is will have once it is written; -1 if there are several, or it has none.</summary>
    public long LengthWhenFlushed => OnlyLog is { Line.IsCompressed: false } only ? only.Appender.LengthWhenFlushed : -1;

    // Of flows.
    private LogOutput? OnlyLog
    {
        get
        {
            LogOutput? only = null;
            foreach (LogOutput output in _outputs)
            {
                if (output.Line.IsOfNotes)
                    continue;
                if (only is not null)
                    return null;
                only = output;
            }

            return only;
        }
    }

    private bool IsFlowPending => _outputs.Exists(static output => !output.Line.IsOfNotes && output.Appender.Pending > 0);

    /// <summary>True once every file is open that is there from the start.</summary>
    public bool IsComplete => _outputs.TrueForAll(output => output.IsOpen || !output.Line.IsSingle);

    /// <summary>Puts lines in force. Files that stay the same stay open, with what waits for them, or are opened anew if they do not rotate.</summary>
    public void Apply(LogLine[] lines, int mostFiles)
    {
        FlushAll(Environment.TickCount64);
        _mostFiles = mostFiles;
        foreach (LogOutput output in _outputs.ToArray())
        {
            if (Array.Find(lines, line => line.WritesSameFiles(output.Line)) is { } successor)
                Adopt(output, successor);
            else
                Close(output);
        }

        _lines = lines;
        _byKey.Clear();
        foreach (LogOutput output in _outputs)
            _byKey[(output.Line.Number, output.Key)] = output;
        Reopen();
        _singles = Array.ConvertAll(lines, line => line.IsSingle ? OutputFor(line, default) : null);
    }

    /// <summary>Opens the files of lines that do not rotate anew.</summary>
    public void Reopen()
    {
        long now = Environment.TickCount64;
        FlushAll(now);
        foreach (LogOutput output in _outputs)
            output.Reopen(now);
    }

    /// <summary>Hands a flow, with its elements of LogFields.Other, to every line that wants it. Tags: all that the rules gave it.</summary>
    public void Append(in FlowRecord record, ReadOnlySpan<byte> other = default, ReadOnlySpan<uint> tags = default)
    {
        foreach (LogLine line in _lines)
        {
            if (line.Wants(in record, tags))
                Append(line, in record, other);
        }
    }

    /// <summary>Hands flows that are on the wire one behind the other to every line; to be called only if each takes all as they are.</summary>
    public void Append(in FlowRecord blank, WireLayout layout, ReadOnlySpan<byte> wire)
    {
        foreach (LogLine line in _lines)
        {
            if (line.IsOfNotes)
                continue;
            LogAppender appender = _singles[line.Number]!.Appender;
            appender.Append(in blank, layout, wire);
            if (appender.ShouldFlush)
                FlushIfDue(isDrained: false, Environment.TickCount64);
        }
    }

    /// <summary>Hands a line about what an exporter tells beside flows to every line of the configuration that wants it.</summary>
    public void AppendNote(in Address exporter, ReadOnlySpan<byte> text)
    {
        foreach (LogLine line in _lines)
        {
            if (!line.WantsNotesOf(in exporter))
                continue;
            LogOutput? output = line.IsSingle ? _singles[line.Number] : OutputFor(line, line.KeyOfNotes(in exporter));
            output?.Appender.AppendLine(text);
            if (output?.Appender.ShouldFlush == true)
                FlushIfDue(isDrained: false, Environment.TickCount64);
        }
    }

    /// <summary>The answer to a request. False if it is a log that may not be appended to.</summary>
    public bool Granted(uint id, SafeFileHandle file) => _desk.Take(id, file)?.Granted(id, file) ?? true;

    /// <summary>True if a log is missing that should be there from the start.</summary>
    public bool Refused(uint id)
    {
        if (_desk.Take(id, null) is not { } output)
            return false;
        output.Refused(Environment.TickCount64);
        return output.Line.IsSingle && !output.IsOpen;
    }

    /// <summary>Writes what is due.</summary>
    public void FlushIfDue(bool isDrained, long now)
    {
        bool anyPending = false;
        bool anyDue = false;
        foreach (LogOutput output in _outputs)
        {
            anyPending |= output.Appender.Pending > 0;
            output.IsToFlush = output.IsDue(isDrained, now);
            anyDue |= output.IsToFlush;
        }

        if (!anyPending)
        {
            state.BeginFlush(logLength: -1); // no flow of what came is to be stored
            state.EndFlush();
        }
        else if (anyDue)
        {
            Flush(now);
        }
    }

    /// <summary>Goes on to files whose time has come, asks again for those that could not be had, and says what was lost.</summary>
    public void Tick(long now, long wall)
    {
        bool anySwitches = false;
        foreach (LogOutput output in _outputs)
        {
            output.IsToFlush = output.IsAboutToSwitch(wall);
            anySwitches |= output.IsToFlush;
        }

        if (anySwitches)
            Flush(now);
        for (int i = _outputs.Count - 1; i >= 0; i--)
        {
            if (_outputs[i].IsIdle(wall))
                Close(_outputs[i]);
            else if (_outputs[i].Tick(now, wall))
                Rotations++;
        }

        if (RecordsRefused != _refusedBefore && now >= _nextComplaint)
        {
            messages.Error($"logs: {_mostFiles} files are open, which is the limit; {RecordsRefused - _refusedBefore} records lost");
            (_refusedBefore, _nextComplaint) = (RecordsRefused, now + MillisecondsBetweenComplaints);
        }
    }

    /// <summary>How long the worker may sleep: milliseconds, -1 for ever.</summary>
    public int Patience(long now, long wall)
    {
        long least = -1;
        foreach (LogOutput output in _outputs)
        {
            long patience = output.Patience(now, wall);
            least = patience < 0 ? least : least < 0 ? patience : Math.Min(least, patience);
        }

        return (int)Math.Min(least, int.MaxValue);
    }

    /// <summary>Writes everything, onto the disk, for there is no later. False if records are lost, which is said.</summary>
    public bool Finish()
    {
        long end = Environment.TickCount64 + MillisecondsAtEnd;
        for (FlushAll(Environment.TickCount64); Pending > 0 && Environment.TickCount64 < end; FlushAll(Environment.TickCount64))
            Descriptors.Pause(TimeSpan.FromMilliseconds(MillisecondsBetweenTries));
        foreach (LogOutput output in _outputs)
        {
            output.FinalSync();
            if (output.Appender.Pending > 0)
                messages.Error($"{output.Name}: cannot be written, {output.Appender.Pending} octets of records lost");
        }

        return Pending == 0;
    }

    public void Dispose() => _outputs.ForEach(output => output.Dispose());

    private void Append(LogLine line, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        // Most lines have one file, and it is not looked for.
        LogOutput? output = line.IsSingle ? _singles[line.Number] : OutputFor(line, line.KeyOf(in record));
        if (output is null)
        {
            RecordsRefused++;
            return;
        }

        if (line.Anonymizer is null)
            output.Appender.Append(in record, other);
        else
            AppendAnonymized(output, line.Anonymizer, record);
        if (output.Appender.ShouldFlush) // a ring of datagrams can make as many records as may wait
            FlushIfDue(isDrained: false, Environment.TickCount64);
    }

    // Other lines want the flow as it is, so this changes a copy. Nobody knows what is in other elements, so they are left out.
    private static void AppendAnonymized(LogOutput output, AddressAnonymizer anonymizer, FlowRecord record)
    {
        anonymizer.Apply(ref record);
        output.Appender.Append(in record);
    }

    private LogOutput? OutputFor(LogLine line, LogKey key)
    {
        if (_byKey.TryGetValue((line.Number, key), out LogOutput? output))
            return output;
        if (_outputs.Count >= _mostFiles && !line.IsSingle)
            return null;
        output = new LogOutput(line, key, _desk, line.IsOfNotes ? NoteCounters : Counters, messages, Turns);
        _outputs.Add(output);
        _byKey[(line.Number, key)] = output;
        output.Open(Environment.TickCount64, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return output;
    }

    private static void Adopt(LogOutput output, LogLine successor)
    {
        if (successor.Budget != output.Line.Budget)
            successor.TakeOver(output.Line);
        output.Adopt(successor);
    }

    private void Close(LogOutput output)
    {
        output.Close();
        _outputs.Remove(output);
        _byKey.Remove((output.Line.Number, output.Key));
    }

    private void FlushAll(long now)
    {
        foreach (LogOutput output in _outputs)
            output.IsToFlush = true;
        Flush(now);
    }

    // What came up to here is in the logs once all of it is written; the next worker must be able to tell.
    private void Flush(long now)
    {
        state.BeginFlush(LengthWhenFlushed);
        foreach (LogOutput output in _outputs)
        {
            if (output.IsToFlush)
                output.Flush(now);
        }

        if (!IsFlowPending)
            state.EndFlush();
    }
}
