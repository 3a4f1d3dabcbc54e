using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>
/// The place of a consumer in one or many logs, kept in a file: every record is read at least once, and after a crash those since the last
/// <see cref="Commit"/> again, no others. It follows logs that grow, are rotated, renamed, compressed or removed. docs/cursor.md has the rules and
/// an example. For one thread. Allocates nothing per record.
/// </summary>
public sealed class LogCursor : IDisposable
{
    private const int MostOpen = 32;

    private readonly LogCursorOptions _options;
    private readonly PositionJournal _journal;
    private readonly CursorSources _sources;
    private readonly CursorCatalog _catalog;
    private readonly CursorTable _table;
    private readonly List<CursorKey> _gone = [];
    private readonly List<CursorLog> _changed = [];
    private readonly List<CursorLog> _open = []; // that read last is the last
    private CursorLog? _current;
    private long _scanned;

    private LogCursor(IReadOnlyList<string> logs, string positionFile, LogCursorOptions options)
    {
        _options = options;
        _journal = new PositionJournal(positionFile);
        _sources = new CursorSources(logs, positionFile);
        _catalog = new CursorCatalog(_sources);
        _table = new CursorTable(_journal.Marks, ReportGap);
        Scan();
        if (_journal.IsNew && options.Start == CursorStart.End)
            SkipAll();
    }

    /// <summary>Where the record read last stands.</summary>
    public CursorPosition Position => _current is null ? default : new CursorPosition(_current.Path, _current.RecordOffset);

    /// <summary>That record as it stands in the log, until the next call; empty if there was none.</summary>
    public ReadOnlySpan<byte> RecordOctets => _current is null ? default : _current.RecordOctets;

    /// <summary>Stretches without records that were met.</summary>
    public long Gaps { get; private set; }

    /// <summary>Logs that were removed before they were read to the end.</summary>
    public long Vanished { get; private set; }

    /// <summary>
    /// Opens the place of a consumer; makes the position file if there is none. Throws IOException or UnauthorizedAccessException if that is not possible,
    /// or another consumer has it open.
    /// </summary>
    /// <param name="logs">Logs, each followed when it is rotated in its folder, and folders, of which all logs are read, in folders below as well.</param>
    /// <param name="positionFile">Where the place is kept. It may lie in such a folder.</param>
    /// <param name="options">What is left out is as usual.</param>
    public static LogCursor Open(IReadOnlyList<string> logs, string positionFile, LogCursorOptions? options = null)
        => new(logs, Path.GetFullPath(positionFile), options ?? new LogCursorOptions());

    /// <summary>
    /// The next record; false if there is none now: ask again, some 100 ms later. Throws IOException if a log cannot be read.
    /// </summary>
    public bool TryRead(out FlowRecord record)
    {
        if (_current is not null && TryRead(_current, out record))
            return true;
        if (TryReadAny(out record))
            return true;
        if (Stopwatch.GetElapsedTime(_scanned) < _options.ScanInterval)
            return false;
        Scan();
        return TryReadAny(out record);
    }

    /// <summary>All records that were returned are done with: they will not come again. Throws IOException if that cannot be written; it may be tried again.</summary>
    public void Commit()
    {
        if (_gone.Count + _changed.Count == 0)
            return;
        var changes = new List<(CursorKey, CursorMark?)>(_gone.Count + _changed.Count);
        foreach (CursorKey key in _gone)
            changes.Add((key, null));
        foreach (CursorLog log in _changed)
            changes.Add((log.Key, log.Mark));
        _journal.Commit(changes, _options.SyncsCommits);
        _gone.Clear();
        foreach (CursorLog log in _changed)
            log.IsChanged = false;
        _changed.Clear();
    }

    /// <summary>Closes everything, without a commit.</summary>
    public void Dispose()
    {
        foreach (CursorLog log in _table.Logs)
            log.Close();
        _journal.Dispose();
    }

    private bool TryReadAny(out FlowRecord record)
    {
        foreach (CursorLog log in _table.Logs)
        {
            if (log.MayHaveMore && TryRead(log, out record))
                return true;
        }

        record = default;
        return false;
    }

    private bool TryRead(CursorLog log, out FlowRecord record)
    {
        if (!log.TryRead(out record))
            return false;
        if (!log.IsChanged)
            Changed(log);
        if (_current != log)
            Use(log);
        return true;
    }

    private void Changed(CursorLog log)
    {
        if (log.IsChanged)
            return;
        log.IsChanged = true;
        _changed.Add(log);
    }

    // So many stay open that those in progress need not be opened again for every few records.
    private void Use(CursorLog log)
    {
        _current = log;
        _open.Remove(log);
        _open.Add(log);
        if (_open.Count <= MostOpen)
            return;
        _open[0].Close();
        _open.RemoveAt(0);
    }

    private void Scan()
    {
        _scanned = Stopwatch.GetTimestamp();
        _table.Update(_catalog.Scan(), Renamed, Gone);
        DateTime settled = DateTime.UtcNow - _options.SettleTime;
        foreach (CursorLog log in _table.Logs)
        {
            if (log.File is { } file && file.Written < settled && !_sources.IsInProgress(file.Path))
                log.ReportTail();
        }
    }

    private void Renamed(CursorLog log, CursorKey before)
    {
        if (log.Mark.RecordOctets == 0)
            return;
        _gone.Add(before);
        Changed(log);
    }

    private void Gone(CursorLog log)
    {
        _gone.Add(log.Key);
        if (log.IsChanged)
            _changed.Remove(log);
        _open.Remove(log);
        log.Close();
        if (_current == log)
            _current = null;
        if (!log.IsUnread)
            return;
        Vanished++;
        _options.OnVanished?.Invoke(log.Path);
    }

    private void ReportGap(CursorLog log, LogGap gap)
    {
        Gaps++;
        _options.OnGap?.Invoke(log.Path, gap);
    }

    // Committed at once, even if there is nothing: the next start is no first one.
    private void SkipAll()
    {
        _gone.Add(default);
        foreach (CursorLog log in _table.Logs)
        {
            log.SkipAll();
            if (log.Mark.RecordOctets > 0)
                Changed(log);
            log.Close();
        }

        Commit();
    }
}
