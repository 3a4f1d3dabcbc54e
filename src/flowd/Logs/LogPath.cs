using System;
using Flowd.Platform;

namespace Flowd.Monitor.Logs;

/// <summary>Where a log of a line lies: a name, in folders below the one that the configuration names.</summary>
internal readonly record struct LogPath(LogLine Line, string Path)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Opens its folder. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public Folder OpenFolder(bool make)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "/";
        if (!Line.MakesFolders)
            return Folder.Open(folder);
        string relative = folder.Length > Line.Pattern.BaseDirectory.Length ? folder[Line.Pattern.BaseDirectory.Length..] : "";
        return Folder.Open(Line.Pattern.BaseDirectory).Descend(relative, make);
    }

    /// <summary>Removes folders that are empty, from that of this file up, but none that the configuration names.</summary>
    public void RemoveEmptyFolders()
    {
        for (string? folder = System.IO.Path.GetDirectoryName(Path);
            folder is not null && folder.Length > Line.Pattern.BaseDirectory.Length && folder.StartsWith(Line.Pattern.BaseDirectory, StringComparison.Ordinal);
            folder = System.IO.Path.GetDirectoryName(folder))
        {
            using Folder above = (this with { Path = folder }).OpenFolder(make: false);
            if (!above.TryRemoveFolder(System.IO.Path.GetFileName(folder)))
                return;
        }
    }
}
