using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>What a log is told by: its first record, and for those that begin with the same one, its name and folder.</summary>
internal readonly record struct CursorKey(UInt128 Fingerprint, ulong Name);

/// <summary>A file that is a log, in the state in which it was found.</summary>
internal sealed record CursorFile(string Path, LogHead Head, CursorKey Key, long Length, DateTime Written)
{
    public bool IsInProgress => LogName.IsInProgress(Path);

    /// <summary>Looks at a file that may be a log. Null if it is none, or cannot be read.</summary>
    /// <param name="info">The file.</param>
    /// <param name="known">What was found there before.</param>
    public static CursorFile? TryFind(FileInfo info, CursorFile? known)
    {
        try
        {
            if (known is not null && known.Length == info.Length && known.Written == info.LastWriteTimeUtc)
                return known;
            using SafeFileHandle file = File.OpenHandle(info.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            (long length, DateTime written) = (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
            return LogHead.TryRead(file, known?.Head) is { } head
                ? new CursorFile(info.FullName, head, new CursorKey(head.Fingerprint, LogName.KeyOf(info.FullName)), length, written)
                : null;
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return null;
        }
    }

    public bool IsSameState(CursorFile? other) => other is not null && Path == other.Path && Length == other.Length && Written == other.Written;

    /// <summary>By the time of the first record, then by name.</summary>
    public static int Compare(CursorFile one, CursorFile other)
    {
        int order = (one.Head.Seconds, one.Head.Microseconds).CompareTo((other.Head.Seconds, other.Head.Microseconds));
        return order != 0 ? order : string.CompareOrdinal(one.Path, other.Path);
    }
}
