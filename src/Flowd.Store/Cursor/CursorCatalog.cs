using System;
using System.Collections.Generic;
using System.IO;

namespace Flowd.Store;

/// <summary>The logs that are there, by their first records; a file that did not change is not opened again.</summary>
internal sealed class CursorCatalog(CursorSources sources)
{
    private Dictionary<string, CursorFile> _known = new(StringComparer.Ordinal);
    private Dictionary<string, (long, DateTime)> _others = new(StringComparer.Ordinal);

    /// <summary>Looks at the disk.</summary>
    public List<CursorFile> Scan()
    {
        var found = new Dictionary<string, CursorFile>(StringComparer.Ordinal);
        var others = new Dictionary<string, (long, DateTime)>(StringComparer.Ordinal);
        foreach (FileInfo info in sources.Files())
        {
            if (!info.Exists)
                continue; // not any more
            (long, DateTime) state = (info.Length, info.LastWriteTimeUtc);
            if (_others.TryGetValue(info.FullName, out (long, DateTime) before) && before == state)
                others[info.FullName] = state;
            else if (CursorFile.TryFind(info, _known.GetValueOrDefault(info.FullName)) is { } file)
                found[file.Path] = file;
            else
                others[info.FullName] = state;
        }

        (_known, _others) = (found, others);
        return WithoutCopies(found.Values);
    }

    // gzip(1) and its like keep a log until its compressed form is complete, and that has a longer name.
    private static List<CursorFile> WithoutCopies(IEnumerable<CursorFile> files)
    {
        var byKey = new Dictionary<CursorKey, CursorFile>();
        foreach (CursorFile file in files)
        {
            if (!byKey.TryGetValue(file.Key, out CursorFile? other) || file.Path.Length < other.Path.Length)
                byKey[file.Key] = file;
        }

        var list = new List<CursorFile>(byKey.Values);
        list.Sort(CursorFile.Compare);
        return list;
    }
}
