using System;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Store;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>
/// Keeps the log open and written: asks the monitor for its descriptor, flushes when it is time, and when the disk gives trouble tries again, at
/// growing intervals, without losing what fits into the buffer.
/// </summary>
public sealed class LogKeeper(LogAppender log, StateSaver state, ChannelEnd monitor, SystemLog messages)
{
    private const long MillisecondsBetweenFlushes = 1000;
    private const long FirstRetry = 100;
    private const long LongestRetry = 10_000;
    private const long MillisecondsBetweenComplaints = 60_000;

    /// <summary>Until a pipe that took a part is offered the rest. It holds 64 KiB, so this allows for some 6 MB/s.</summary>
    private const long MillisecondsForPipe = 10;

    /// <summary>At the end, for a pipe to take the last of it.</summary>
    private const long MillisecondsAtEnd = 1000;

    private bool _isWanted;
    private bool _isAsked;
    private long _nextFlush; // the latest moment for what is buffered, or the earliest for another try
    private long _nextAsk;
    private long _retry; // milliseconds between tries; 0 while all is well
    private long _nextComplaint;
    private bool _isInTrouble; // which has been said
    private ulong _droppedBefore;

    /// <summary>Starts or stops keeping a log, as the configuration says, and opens it anew in any case.</summary>
    public void Reopen(bool isWanted)
    {
        Flush();
        log.Detach();
        _isWanted = isWanted;
        _retry = 0;
        Ask();
    }

    /// <summary>The monitor opened the log. False if it is none that may be appended to.</summary>
    public bool Granted(SafeFileHandle file)
    {
        _isAsked = false;
        LogOpenResult result = log.Attach(file);
        if (!result.Succeeded)
        {
            file.Dispose();
            Complain(result.Detail ?? LogErrorText.Describe(result.Error));
            Postpone();
            return false;
        }

        if (result.Length > 0)
            messages.Warning($"log: torn record of {result.Length} octets at offset {result.Offset} removed");
        Recovered();
        return true;
    }

    public void Refused()
    {
        _isAsked = false;
        _isInTrouble = true;
        Postpone();
    }

    /// <summary>Flushes if the sockets are drained, the buffer is full enough, or it is time. Milliseconds of Environment.TickCount64.</summary>
    public void FlushIfDue(bool isDrained, long now)
    {
        if (log.Pending == 0)
        {
            state.BeginFlush(logLength: -1); // no flow of what came is to be stored
            state.EndFlush();
            return;
        }

        if (!log.IsAttached || (_retry > 0 && now < _nextFlush))
            return;
        if (isDrained || log.ShouldFlush || now >= _nextFlush)
            Flush();
    }

    /// <summary>Asks again for a log that could not be had, and says what was lost.</summary>
    public void Tick(long now)
    {
        if (_isWanted && !log.IsAttached && !_isAsked && now >= _nextAsk)
            Ask();
        if (log.RecordsDropped != _droppedBefore)
            Complain("buffer full");
    }

    /// <summary>How long the worker may sleep: milliseconds, -1 for ever.</summary>
    public int Patience(long now)
    {
        if (_isWanted && !log.IsAttached)
            return (int)Math.Clamp(_nextAsk - now, 1, LongestRetry);
        return log.Pending == 0 ? -1 : (int)Math.Clamp(_nextFlush - now, 1, LongestRetry);
    }

    /// <summary>Writes everything, onto the disk, for there is no later. False if records are lost, which is said.</summary>
    public bool Finish()
    {
        bool isWritten = WriteTheRest();
        if (log.Sync() is { Succeeded: false, Message: var trouble })
            messages.Error($"log: {trouble}: what was written may not outlive a power failure");
        return isWritten;
    }

    private bool WriteTheRest()
    {
        if (log.Pending == 0)
            return true;
        LogFlushResult result = FlushLog();
        for (long end = Environment.TickCount64 + MillisecondsAtEnd; !result.Succeeded && Environment.TickCount64 < end; result = FlushLog())
            Descriptors.Pause(TimeSpan.FromMilliseconds(MillisecondsForPipe));
        if (log.Pending == 0)
            return true;
        messages.Error($"log: {result.Message ?? "not open"}, {log.Pending} octets of records lost");
        return false;
    }

    private void Flush()
    {
        _nextFlush = Environment.TickCount64 + MillisecondsBetweenFlushes;
        int before = log.Pending;
        if (before == 0 || !log.IsAttached)
            return;
        LogFlushResult result = FlushLog();
        if (log.Pending < before)
            Recovered();
        if (result.Succeeded)
            return;
        if (log.Pending < before)
        {
            _retry = MillisecondsForPipe;
            _nextFlush = Environment.TickCount64 + _retry;
            return;
        }

        Complain(result.Message!);
        Postpone();
    }

    // What came up to here is in the log once all of it is written; the next worker must be able to tell.
    private LogFlushResult FlushLog()
    {
        state.BeginFlush(log.LengthWhenFlushed);
        LogFlushResult result = log.Flush();
        if (log.Pending == 0)
            state.EndFlush();
        return result;
    }

    private void Ask()
    {
        if (!_isWanted)
            return;
        _isAsked = true;
        monitor.TrySend(new LogRequest(0, 0, 0, default, null));
    }

    private void Postpone()
    {
        _retry = Math.Clamp(_retry * 2, FirstRetry, LongestRetry);
        _nextFlush = _nextAsk = Environment.TickCount64 + _retry;
    }

    private void Recovered()
    {
        if (_isInTrouble)
            messages.Notice("log: written again");
        _isInTrouble = false;
        _retry = 0;
    }

    private void Complain(string trouble)
    {
        long now = Environment.TickCount64;
        if (now < _nextComplaint)
            return;
        _nextComplaint = now + MillisecondsBetweenComplaints;
        _isInTrouble = true;
        ulong lost = log.RecordsDropped - _droppedBefore;
        _droppedBefore = log.RecordsDropped;
        messages.Error($"log: {trouble}; {log.Pending} octets wait{(lost == 0 ? "" : $", {lost} records lost")}");
    }
}
