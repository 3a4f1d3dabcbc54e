using System;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Rotation;
using Flowd.Store;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.Logs;

/// <summary>
/// One log: keeps its file open and written, goes on to the next one when its period is over, and when the disk gives trouble tries again, at growing
/// intervals, without losing what fits into the buffer. Times are milliseconds: now of Environment.TickCount64, wall since 1970-01-01 UTC.
/// </summary>
public sealed class LogOutput : IDisposable
{
    private const long MillisecondsBetweenComplaints = 60_000;

    /// <summary>Until a pipe that took a part is offered the rest. It holds 64 KiB, so this allows for some 6 MB/s.</summary>
    private const long MillisecondsForPipe = 10;

    private const long MillisecondsForDesk = 100;

    private readonly LogDesk _desk;
    private readonly SystemLog _messages;
    private readonly LogAppender _appender;
    private readonly RetryTimer _asking = new();
    private readonly RetryTimer _writing = new();
    private OpenFile _file;
    private OpenFile _next; // opened before its time
    private OpenFile _asked;
    private ulong _appendedBefore; // this period
    private ulong _droppedBefore;
    private long _nextFlush;
    private long _nextSync;
    private long _nextComplaint;
    private bool _isUnsynced;
    private bool _isInTrouble; // which has been said

    public LogOutput(LogLine line, LogKey key, LogDesk desk, LogCounters counters, SystemLog messages, ITurns? turns = null)
    {
        (Line, Key, _desk, _messages) = (line, key, desk, messages);
        _appender = new LogAppender(line.Fields, line.OctetsWorthWriting, line.Budget, counters: new LogCounters(counters), level: line.LevelWhileWriting, framing: line.IsOfNotes ? LogFraming.Lines : LogFraming.Records)
        {
            IsRemoved = FileOwner.IsRemoved,
            Turns = turns,
        };
        Adopt(line);
    }

    /// <summary>A file that the monitor opened, or will open: the number of the request, the start of its period in seconds.</summary>
    private readonly record struct OpenFile(uint Id, long Start, SafeFileHandle? Handle = null);

    public LogLine Line { get; private set; }

    public LogKey Key { get; }

    public LogAppender Appender => _appender;

    public bool IsOpen => _appender.IsAttached;

    /// <summary>Whether it is one of those that are written next.</summary>
    public bool IsToFlush { get; set; }

    /// <summary>True when the period is over in which the last flow came, for a log that need not be there: it may be closed.</summary>
    public bool IsIdle(long wall) => IsUnused && IsOver(wall);

    /// <summary>True if the next file is there and its time has come: what is buffered is to be flushed first.</summary>
    public bool IsAboutToSwitch(long wall) => IsOpen && _next.Handle is not null && IsOver(wall);

    /// <summary>Goes on under a line of another configuration that writes the same files.</summary>
    public void Adopt(LogLine line)
    {
        ForgetWishes(); // which named the line by the number that it had
        Line = line;
        _appender.Fields = line.Fields;
        _appender.DropsOldest = line.DropsOldest;
    }

    /// <summary>Asks for the file.</summary>
    public void Open(long now, long wall) => AskAgain(now, Line.StartOf(wall));

    /// <summary>The monitor opened a log. False if it is none that may be appended to.</summary>
    public bool Granted(uint id, SafeFileHandle handle)
    {
        var file = new OpenFile(id, _asked.Start, handle);
        _asked = default;
        _asking.Succeeded();
        if (!IsOpen)
            return Attach(file);
        _next = file;
        return true;
    }

    /// <summary>It could not be had, which the monitor has said.</summary>
    public void Refused(long now)
    {
        _asked = default;
        _isInTrouble |= !IsOpen;
        _asking.Failed(now);
    }

    /// <summary>True if there is something to write, and it is time: the sockets are drained, the buffer is full enough, or it waited long enough.</summary>
    public bool IsDue(bool isDrained, long now)
    {
        if (_appender.Pending == 0 || !IsOpen || now < _writing.Next)
            return false;
        return (isDrained && Line.FlushesAlways) || _appender.ShouldFlush || now >= _nextFlush;
    }

    public void Flush(long now)
    {
        _nextFlush = now + Line.Patience;
        int before = _appender.Pending;
        if (before == 0 || !IsOpen)
            return;
        LogFlushResult result = _appender.Flush();
        if (_appender.Pending < before)
            Written(now);
        if (result.FileIsGone)
            Lose(result, now);
        else if (!result.Succeeded && _appender.Pending < before)
            _writing.Wait(now, MillisecondsForPipe);
        else if (!result.Succeeded)
            Fail(result.Message!, now);
    }

    /// <summary>Asks for what is missing, goes on to the next file, syncs, and says what was lost. True if it went on.</summary>
    public bool Tick(long now, long wall)
    {
        bool hasRotated = false;
        if (!IsOpen)
            AskAgain(now, Line.StartOf(wall));
        else if (Line.Clock is { } clock)
            hasRotated = Rotate(clock, now, wall);
        if (_isUnsynced && now >= _nextSync)
            Sync(now);
        if (_appender.Counters.RecordsDropped != _droppedBefore)
            Complain("buffer full", now);
        return hasRotated;
    }

    /// <summary>How long the worker may sleep: milliseconds, -1 for ever.</summary>
    public long Patience(long now, long wall)
    {
        long wake = long.MaxValue;
        if (!IsOpen)
            wake = Math.Min(wake, _asked.Id == 0 ? _asking.Next - now : long.MaxValue);
        else if (Line.Clock is not null)
            wake = Math.Min(wake, Math.Max(NextStep() - wall, _asking.Next - now));
        if (IsOpen && _appender.Pending > 0)
            wake = Math.Min(wake, Math.Max(_nextFlush, _writing.Next) - now);
        if (_isUnsynced)
            wake = Math.Min(wake, _nextSync - now);
        return wake == long.MaxValue ? -1 : Math.Max(wake, 1);
    }

    /// <summary>Opens the file of that name anew. Logs that rotate have no need for it.</summary>
    public void Reopen(long now)
    {
        if (Line.Clock is not null)
            return;
        CloseFile(isFinished: false);
        _writing.Succeeded();
        _asking.Succeeded();
        ForgetWishes();
        AskAgain(now, start: 0);
    }

    /// <summary>Waits until the disk has everything, if it does not refuse; at the end.</summary>
    public void FinalSync()
    {
        if (IsOpen && _appender.Sync() is { Succeeded: false, Message: var trouble })
            _messages.Error($"{Name}: {trouble}: what was written may not outlive a power failure");
    }

    /// <summary>Closes the file for good: the configuration has no such log any more, or nothing comes for it. What was not written is lost and said.</summary>
    public void Close()
    {
        if (Line.Syncs)
            FinalSync();
        if (_appender.Pending > 0)
            _messages.Error($"{Name}: closed while it could not be written, {_appender.Pending} octets of records lost");
        CloseFile(isFinished: true);
        Dispose();
    }

    public void Dispose()
    {
        ForgetWishes();
        _appender.Dispose();
    }

    /// <summary>For messages.</summary>
    public string Name => Line.NameOf(Key);

    // Nothing came for it in this period, and it need not be there.
    private bool IsUnused => !Line.IsSingle && _appender.Pending == 0 && _appender.Counters.RecordsAppended == _appendedBefore;

    private bool IsOver(long wall) => Line.Clock is { } clock && clock.IsOver(_file.Start, wall / 1000);

    // When the next file is to be asked for, or to be gone on to.
    private long NextStep()
    {
        long end = Line.Clock!.EndOf(_file.Start);
        return (_next.Handle is null && _asked.Id == 0 ? end - Line.LeadSeconds : end) * 1000;
    }

    private bool Rotate(RotationClock clock, long now, long wall)
    {
        long seconds = wall / 1000;
        if (!clock.IsOver(_file.Start, seconds))
        {
            if (_next.Handle is null && wall >= NextStep() && !IsUnused)
                AskAgain(now, clock.EndOf(_file.Start));
            return false;
        }

        if (_next.Handle is not null && clock.IsOver(_next.Start, seconds)) // the clock has jumped
            GiveBackNext();
        if (_next.Handle is null)
        {
            AskAgain(now, clock.StartOf(seconds));
            return false;
        }

        if (_appender.Pending > 0) // the disk gives trouble, and what came in this period waits for this file
            return false;
        Switch();
        return true;
    }

    private void Switch()
    {
        if (Line.Syncs)
            FinalSync();
        CloseFile(isFinished: true);
        OpenFile next = _next;
        _next = default;
        Attach(next);
    }

    private bool Attach(OpenFile file)
    {
        LogOpenResult result = _appender.Attach(file.Handle!);
        long now = Environment.TickCount64;
        if (!result.Succeeded)
        {
            file.Handle!.Dispose();
            _desk.Release(file.Id);
            Complain(result.Detail ?? LogErrorText.Describe(result.Error), now);
            _asking.Failed(now);
            return false;
        }

        if (result.Length > 0)
            _messages.Warning($"{Name}: torn record of {result.Length} octets at offset {result.Offset} removed");
        _file = file;
        _appendedBefore = _appender.Counters.RecordsAppended - (_appender.Pending > 0 ? 1ul : 0);
        _writing.Succeeded();
        Recovered();
        return true;
    }

    private void AskAgain(long now, long start)
    {
        if (_asked.Id != 0 || now < _asking.Next)
            return;
        _asked = new OpenFile(_desk.TryAsk(this, Line.Number, start, Key), start);
        if (_asked.Id == 0)
            _asking.Wait(now, MillisecondsForDesk);
    }

    private void Written(long now)
    {
        Recovered();
        _writing.Succeeded();
        if (Line.Sync.Mode == SyncMode.Always)
            Sync(now);
        else if (Line.Syncs && !_isUnsynced)
            (_isUnsynced, _nextSync) = (true, now + Line.Sync.Seconds * 1000L);
    }

    private void Sync(long now)
    {
        _isUnsynced = false;
        if (IsOpen && _appender.Sync() is { Succeeded: false, Message: var trouble })
            Complain($"{trouble}: what was written may not outlive a power failure", now);
    }

    // What is still in the buffer goes into a new file of that name.
    private void Lose(LogFlushResult result, long now)
    {
        CloseFile(isFinished: false);
        Complain(result.Message!, now);
        AskAgain(now, _file.Start);
    }

    private void CloseFile(bool isFinished)
    {
        if (!IsOpen)
            return;
        _appender.Detach();
        _isUnsynced = false;
        if (isFinished)
            _desk.GiveBack(_file.Id);
        else
            _desk.Release(_file.Id);
    }

    private void ForgetWishes()
    {
        _desk.Forget(_asked.Id);
        _asked = default;
        GiveBackNext();
    }

    private void GiveBackNext()
    {
        _next.Handle?.Dispose();
        _desk.GiveBack(_next.Id);
        _next = default;
    }

    private void Fail(string trouble, long now)
    {
        Complain(trouble, now);
        _writing.Failed(now);
    }

    private void Recovered()
    {
        if (_isInTrouble)
            _messages.Notice($"{Name}: written again");
        _isInTrouble = false;
    }

    private void Complain(string trouble, long now)
    {
        if (now < _nextComplaint)
            return;
        _nextComplaint = now + MillisecondsBetweenComplaints;
        _isInTrouble = true;
        ulong lost = _appender.Counters.RecordsDropped - _droppedBefore;
        _droppedBefore = _appender.Counters.RecordsDropped;
        _messages.Error($"{Name}: {trouble}; {_appender.Pending} octets wait{(lost == 0 ? "" : $", {lost} records lost")}");
    }
}
