using System;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Flowd.Store;

/// <summary>What the names of logs say.</summary>
public static class LogName
{
    private const string InProgress = ".current";

    private static readonly string[] Endings = [InProgress, ".zst", ".gz"];

    /// <summary>True for a log that flowd is writing to now.</summary>
    public static bool IsInProgress(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(InProgress, StringComparison.Ordinal);
    }

    /// <summary>What one in progress is called once it is finished.</summary>
    public static string Finished(string path) => IsInProgress(path) ? path[..^InProgress.Length] : path;

    /// <summary>False for files that are being made, or hidden.</summary>
    public static bool MayBeLog(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !name.StartsWith('.') && !name.EndsWith(".tmp", StringComparison.Ordinal);
    }

    /// <summary>The name without what is added and taken away when a log is finished or compressed.</summary>
    internal static string Stem(string path)
    {
        while (Array.Find(Endings, ending => path.EndsWith(ending, StringComparison.Ordinal)) is { } last)
            path = path[..^last.Length];
        return path;
    }

    /// <summary>A number for the stem, folder included.</summary>
    internal static ulong KeyOf(string path) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Stem(path).AsSpan()));

    /// <summary>True if a file is a log that was once called so: what was rotated has something behind its name.</summary>
    internal static bool IsOfFamily(string name, string original)
        => name.StartsWith(original, StringComparison.Ordinal) && (name.Length == original.Length || name[original.Length] is '.' or '-');
}
