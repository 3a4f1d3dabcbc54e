using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>Files that are opened for a child, keys above all, and not looked into.</summary>
/// <param name="isSecret">Whether a file with that number is for nobody else's eyes.</param>
/// <param name="log">Where messages go.</param>
internal sealed class PassedFiles(Func<uint, bool> isSecret, SystemLog log) : IDisposable
{
    private List<(uint Number, SafeFileHandle File)> _opening = [];

    /// <summary>The files, each with the number of its setting, which says what it is for.</summary>
    public List<(uint Number, SafeFileHandle File)> Opened { get; private set; } = [];

    /// <summary>Opens those of a configuration beside those in force; false, which is said, if one cannot be opened.</summary>
    public bool TryOpen(IEnumerable<Setting> lines)
    {
        Close(_opening);
        foreach (Setting line in lines)
        {
            try
            {
                SafeFileHandle file = Descriptors.OpenFile(line.Text);
                _opening.Add((line.Number, file));
                if (isSecret(line.Number) && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
                    log.Warning($"{line.Text}: others than its owner may read this key");
            }
            catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
            {
                log.Error($"{line.Text}: {e.Message}");
                Close(_opening);
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts in force what was opened last.</summary>
    public void Apply()
    {
        Close(Opened);
        (Opened, _opening) = (_opening, []);
    }

    public void Dispose()
    {
        Close(Opened);
        Close(_opening);
    }

    private static void Close(List<(uint Number, SafeFileHandle File)> files)
    {
        files.ForEach(file => file.File.Dispose());
        files.Clear();
    }
}
