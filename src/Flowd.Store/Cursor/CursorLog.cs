using System;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>One log as a consumer knows it: what it is, where it is now, and how far it was read.</summary>
internal sealed class CursorLog
{
    // A file that is renamed while its folder is read may be seen at neither place; not that often.
    private const int MissesUntilGone = 3;

    private readonly Action<LogGap> _onGap;
    private CursorReader? _reader;
    private CursorFile? _readToTheEnd; // the state in which all was read, so that it need not be opened again
    private CursorFile? _refused; // the state in which it was seen not to be this log
    private int _misses;
    private LogGap? _tail;
    private LogGap? _reportedTail;

    /// <param name="key">What it is known by.</param>
    /// <param name="mark">How far it was read.</param>
    /// <param name="onGap">Told of gaps, with the log.</param>
    public CursorLog(CursorKey key, CursorMark mark, Action<CursorLog, LogGap> onGap)
    {
        (Key, Mark) = (key, mark);
        _onGap = gap => onGap(this, gap);
    }

    /// <summary>What it is known by.</summary>
    public CursorKey Key { get; private set; }

    /// <summary>Behind the last record that was returned.</summary>
    public CursorMark Mark { get; private set; }

    /// <summary>Whether it stands in the list of those that a commit writes.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The file, as it was found last; null if it is not there.</summary>
    public CursorFile? File { get; private set; }

    public string Path { get; private set; } = "";

    /// <summary>True if it was looked for in vain for some time, and what was open of it is read.</summary>
    public bool IsGone => _misses >= MissesUntilGone && !IsOpen;

    public bool IsOpen => _reader is not null;

    /// <summary>False if it is certain that nothing is to be read.</summary>
    public bool MayHaveMore => Mark != CursorMark.All && (IsOpen || (File is not null && !File.IsSameState(_readToTheEnd) && !File.IsSameState(_refused)));

    public ReadOnlySpan<byte> RecordOctets => _reader is null ? default : _reader.RecordOctets;

    public long RecordOffset => _reader?.RecordOffset ?? 0;

    /// <summary>True if there was something to read when it was seen last.</summary>
    public bool IsUnread { get; private set; }

    /// <summary>True if that file is this log: it goes on behind the mark there. Looks into the file only if that is not certain.</summary>
    public bool Fits(CursorFile file)
    {
        if (Mark == CursorMark.All || Mark.RecordOctets == 0)
            return true;
        if (File is not null && File.Path == file.Path && File.Length <= file.Length && !file.IsSameState(_refused))
            return true;
        if (_reader?.IsOutdated(file) == false)
            return true;
        CursorOpening opening = CursorReader.TryOpen(file.Path, Key.Fingerprint, Mark, out CursorReader? reader);
        if (opening == CursorOpening.Opened)
        {
            reader!.Dispose();
            Close();
        }

        // What cannot be looked into has just been renamed, or removed: it began as this log does, and will be found by its other name.
        return opening != CursorOpening.Different;
    }

    /// <summary>It is there now, perhaps by another name.</summary>
    public void FoundAt(CursorFile file)
    {
        (Key, File, Path) = (file.Key, file, file.Path);
        _misses = 0;
        IsUnread = Mark != CursorMark.All && !file.IsSameState(_readToTheEnd);
    }

    public void Missed()
    {
        _misses++;
        File = null;
    }

    /// <summary>Nothing of what is there now is to be read. Throws what reading throws.</summary>
    public void SkipAll()
    {
        if (!TryOpen() || !_reader!.TryGoToEnd())
        {
            Mark = CursorMark.All;
            Close();
            return;
        }

        while (_reader.TryRead(out _, onGap: null))
            Mark = new CursorMark(_reader.Offset, _reader.Offset, _reader.RecordOctets.Length, CursorMark.HashOf(_reader.RecordOctets));
    }

    /// <summary>The next record; false if there is none now. Throws what reading throws.</summary>
    public bool TryRead(out FlowRecord record)
    {
        record = default;
        if (!IsOpen && !TryOpen())
            return false;
        if (!_reader!.TryRead(out record, _onGap))
        {
            EndReached();
            return false;
        }

        Mark = Mark.After(_reader.RecordOctets, _reader.Offset);
        return true;
    }

    /// <summary>What is behind the last record counts as damage now.</summary>
    public void ReportTail()
    {
        if (_tail is not { } tail || _tail == _reportedTail)
            return;
        _reportedTail = tail;
        _onGap(tail);
    }

    public void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private bool TryOpen()
    {
        if (File is null)
            return false;
        CursorOpening opening = CursorReader.TryOpen(File.Path, Key.Fingerprint, Mark, out _reader);
        if (opening == CursorOpening.Different)
            _refused = File; // what has that name by now is another
        return opening == CursorOpening.Opened;
    }

    private void EndReached()
    {
        _tail = _reader!.Tail;
        if (_reader.IsOutdated(File))
        {
            Close();
            return;
        }

        _readToTheEnd = File;
        IsUnread = false;
        if (_misses >= MissesUntilGone)
            Close();
    }
}
