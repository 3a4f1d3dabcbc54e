using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor.Logs;

/// <summary>The files with keys to anonymize with: opened for the worker, and not looked into.</summary>
internal sealed class KeyFiles(SystemLog log) : IDisposable
{
    private List<(uint Owner, SafeFileHandle Key)> _opening = [];

    /// <summary>The line that each is for, as number of its KeyOwner.</summary>
    public List<(uint Owner, SafeFileHandle Key)> Opened { get; private set; } = [];

    /// <summary>Opens those of a configuration beside those in force; false, which is said, if one cannot be opened.</summary>
    public bool TryOpen(Settings settings)
    {
        Close(_opening);
        foreach (Setting line in settings.KeyFiles)
        {
            try
            {
                SafeFileHandle key = Descriptors.OpenFile(line.Text);
                _opening.Add((line.Number, key));
                if ((File.GetUnixFileMode(key) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
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

    private static void Close(List<(uint Owner, SafeFileHandle Key)> keys)
    {
        keys.ForEach(key => key.Key.Dispose());
        keys.Clear();
    }
}
