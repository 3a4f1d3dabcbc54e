using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Store;

/// <summary>The logs of a consumer: finds out which file is which, and which are gone.</summary>
internal sealed class CursorTable
{
    private readonly Dictionary<CursorKey, CursorLog> _byKey = [];
    private readonly Action<CursorLog, LogGap> _onGap;

    /// <param name="marks">How far logs were read that are not found yet.</param>
    /// <param name="onGap">Told of gaps.</param>
    public CursorTable(IReadOnlyDictionary<CursorKey, CursorMark> marks, Action<CursorLog, LogGap> onGap)
    {
        _onGap = onGap;
        foreach ((CursorKey key, CursorMark mark) in marks)
            _byKey[key] = new CursorLog(key, mark, onGap);
    }

    /// <summary>Those that are there, in the order in which they are read, and behind them those that were not found.</summary>
    public List<CursorLog> Logs { get; private set; } = [];

    /// <summary>Takes in what is there now.</summary>
    /// <param name="files">In the order in which they are to be read.</param>
    /// <param name="onRenamed">Told of logs that have another key, and of the one before.</param>
    /// <param name="onGone">Told of logs that are not there any more.</param>
    public void Update(List<CursorFile> files, Action<CursorLog, CursorKey> onRenamed, Action<CursorLog> onGone)
    {
        CursorLog?[] matched = MatchNames(files);
        MatchRenamed(files, matched);
        var logs = new List<CursorLog>(files.Count);
        for (int i = 0; i < files.Count; i++)
        {
            CursorLog log = matched[i] ?? new CursorLog(files[i].Key, default, _onGap);
            CursorKey before = log.Key;
            log.FoundAt(files[i]);
            logs.Add(log);
            if (before != log.Key)
                onRenamed(log, before);
        }

        Missing(logs, onGone);
        Logs = logs;
        _byKey.Clear();
        foreach (CursorLog log in logs)
            _byKey[log.Key] = log;
    }

    private CursorLog?[] MatchNames(List<CursorFile> files)
    {
        var matched = new CursorLog?[files.Count];
        for (int i = 0; i < files.Count; i++)
        {
            if (_byKey.TryGetValue(files[i].Key, out CursorLog? log) && log.Fits(files[i]))
                matched[i] = log;
        }

        return matched;
    }

    // What has no name of before may be one of those whose name has nothing.
    private void MatchRenamed(List<CursorFile> files, CursorLog?[] matched)
    {
        var free = new HashSet<CursorLog>(_byKey.Values);
        free.ExceptWith(matched.OfType<CursorLog>());
        ILookup<UInt128, CursorLog> byFingerprint = free.ToLookup(log => log.Key.Fingerprint);
        for (int i = 0; i < files.Count; i++)
        {
            if (matched[i] is null && byFingerprint[files[i].Key.Fingerprint].FirstOrDefault(log => free.Contains(log) && log.Fits(files[i])) is { } renamed)
            {
                matched[i] = renamed;
                free.Remove(renamed);
            }
        }
    }

    // Those that were not found, behind the others; what is gone for good is left out, and so is one whose name and beginning another has now.
    private void Missing(List<CursorLog> logs, Action<CursorLog> onGone)
    {
        var found = new HashSet<CursorLog>(logs);
        var keys = new HashSet<CursorKey>(logs.Select(log => log.Key));
        foreach (CursorLog log in _byKey.Values)
        {
            if (found.Contains(log))
                continue;
            log.Missed();
            if (log.IsGone || !keys.Add(log.Key))
                onGone(log);
            else
                logs.Add(log);
        }
    }
}
