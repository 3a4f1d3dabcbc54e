using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Flowd.Store;

/// <summary>The files that may be logs of a consumer: those in a folder and below, or one and what it became when it was rotated.</summary>
internal sealed class CursorSources(IReadOnlyList<string> logs, string positionFile)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    private readonly string[] _paths = [.. logs.Select(Path.GetFullPath)];

    /// <summary>True for a log that is being written: by its name, or because it is the one that was asked for.</summary>
    public bool IsInProgress(string path) => LogName.IsInProgress(path) || _paths.Contains(path);

    /// <summary>Looks at the disk. Files that come and go meanwhile may be there or not; what cannot be read is left out.</summary>
    public IEnumerable<FileInfo> Files()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in _paths)
        {
            IEnumerable<FileInfo> files = Directory.Exists(path) ? InFolder(new DirectoryInfo(path)) : OfFamily(path);
            foreach (FileInfo file in files)
            {
                if (file.FullName != positionFile && seen.Add(file.FullName))
                    yield return file;
            }
        }
    }

    // Links to folders are not followed: they may lead in a circle.
    private static IEnumerable<FileInfo> InFolder(DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in Entries(folder))
        {
            if (!LogName.MayBeLog(entry.Name))
                continue;
            if (entry is FileInfo file)
            {
                yield return file;
            }
            else if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                foreach (FileInfo inner in InFolder(below))
                    yield return inner;
            }
        }
    }

    private static IEnumerable<FileInfo> OfFamily(string path)
    {
        string name = Path.GetFileName(LogName.Stem(path));
        foreach (FileSystemInfo entry in Entries(new DirectoryInfo(Path.GetDirectoryName(path)!)))
        {
            if (entry is FileInfo file && LogName.MayBeLog(file.Name) && LogName.IsOfFamily(file.Name, name))
                yield return file;
        }
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos("*", Everything);
        }
        catch (Exception e) when (DiskTrouble.Is(e))
        {
            return []; // removed, or not there yet
        }
    }
}
