using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// The position file: a head, and behind it what each commit changed, appended with one write. What a crash left of a commit does not count. A lock keeps
/// others away from it. When most of it is out of date it is written anew and renamed over the old one.
/// </summary>
internal sealed class PositionJournal : IDisposable
{
    private const int MostOutOfDate = 4096;

    private static readonly byte[] Head = [.. "flowd position 1\n"u8, .. new byte[JournalEntry.Length - 17]];

    private readonly string _path;
    private readonly Dictionary<CursorKey, CursorMark> _marks = [];
    private SafeFileHandle _file;
    private byte[] _buffer = [];
    private long _end;
    private ulong _commit;

    /// <summary>Opens the file, or makes it. Throws IOException if another consumer has it, or it is something else.</summary>
    public PositionJournal(string path)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Read();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>True if nothing was ever committed.</summary>
    public bool IsNew => _commit == 0;

    /// <summary>What was committed.</summary>
    public IReadOnlyDictionary<CursorKey, CursorMark> Marks => _marks;

    /// <summary>Adds one commit; what is null is gone. Throws IOException; then nothing of it counts.</summary>
    public void Commit(IReadOnlyList<(CursorKey Key, CursorMark? Mark)> changes, bool sync)
    {
        ulong commit = _commit + 1;
        int length = Write(changes, commit);
        RandomAccess.Write(_file, _buffer.AsSpan(0, length), _end);
        if (sync)
            RandomAccess.FlushToDisk(_file);
        _end += length;
        _commit = commit;
        foreach ((CursorKey key, CursorMark? mark) in changes)
            Apply(key, mark);
        if (_end / JournalEntry.Length > 2L * _marks.Count + MostOutOfDate)
            Compact(sync);
    }

    public void Dispose() => _file.Dispose();

    private int Write(IReadOnlyList<(CursorKey Key, CursorMark? Mark)> changes, ulong commit)
    {
        int length = changes.Count * JournalEntry.Length;
        if (_buffer.Length < length)
            _buffer = new byte[Math.Max(length, 2 * _buffer.Length)];
        for (int i = 0; i < changes.Count; i++)
        {
            var entry = new JournalEntry(changes[i].Key, changes[i].Mark, commit, (uint)(changes.Count - 1 - i));
            entry.Write(_buffer.AsSpan(i * JournalEntry.Length, JournalEntry.Length));
        }

        return length;
    }

    private void Apply(CursorKey key, CursorMark? mark)
    {
        if (mark is { } there)
            _marks[key] = there;
        else
            _marks.Remove(key);
    }

    private void Read()
    {
        long length = RandomAccess.GetLength(_file);
        var content = new byte[length];
        int read = RandomAccess.Read(_file, content, 0);
        ReadOnlySpan<byte> octets = content.AsSpan(0, read);
        ReadOnlySpan<byte> head = octets[..Math.Min(octets.Length, Head.Length)];
        if (!Head.AsSpan().StartsWith(head))
            throw new IOException($"{_path}: not a position file");
        if (head.Length < Head.Length)
            RandomAccess.Write(_file, Head, 0);
        else
            ReadEntries(octets[Head.Length..]);
        _end = Math.Max(_end, Head.Length);
    }

    // A damaged entry costs what it says, and leads back to an earlier mark. A commit counts when all of it is there, or a later one is.
    private void ReadEntries(ReadOnlySpan<byte> octets)
    {
        var commit = new List<JournalEntry>();
        for (int at = 0; at + JournalEntry.Length <= octets.Length; at += JournalEntry.Length)
        {
            if (!JournalEntry.TryRead(octets[at..], out JournalEntry entry))
                continue;
            if (entry.Commit > _commit)
                ApplyAll(commit);
            _commit = Math.Max(_commit, entry.Commit);
            commit.Add(entry);
            if (entry.Rest > 0)
                continue;
            ApplyAll(commit);
            _end = Head.Length + at + JournalEntry.Length;
        }
    }

    private void ApplyAll(List<JournalEntry> commit)
    {
        foreach (JournalEntry entry in commit)
            Apply(entry.Key, entry.Mark);
        commit.Clear();
    }

    // The new file is locked before it takes the name, so that the name is never free.
    private void Compact(bool sync)
    {
        string temporary = _path + ".tmp";
        SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var all = new List<(CursorKey, CursorMark?)>();
            foreach ((CursorKey key, CursorMark mark) in _marks)
                all.Add((key, mark));
            int length = Write(all, _commit);
            RandomAccess.Write(file, Head, 0);
            RandomAccess.Write(file, _buffer.AsSpan(0, length), Head.Length);
            if (sync)
                RandomAccess.FlushToDisk(file);
            File.Move(temporary, _path, overwrite: true);
            (_file, file) = (file, _file);
            _end = Head.Length + length;
        }
        finally
        {
            file.Dispose();
        }
    }
}
