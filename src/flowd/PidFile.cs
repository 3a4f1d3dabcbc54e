using System;
using System.ComponentModel;
using System.IO;
using System.Text;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>
/// The file that tells others the monitor's process id. It is locked (fcntl(2)) as long as we run, so a file that a dead flowd left behind is no
/// hindrance, and that of a living one is.
/// </summary>
internal sealed class PidFile(SystemLog log) : IDisposable
{
    private const string DefaultPath = "/var/run/flowd.pid";

    private string? _path;
    private FileStream? _file;

    /// <summary>False, which is said, if another flowd has that file; null stands for the default one.</summary>
    public bool IsFree(string? configured)
    {
        string path = configured ?? DefaultPath;
        if (path == _path || !File.Exists(path))
            return true;
        try
        {
            if (!FileOwner.Of(path).IsRegular)
                return true;
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (TryLock(file))
                return true;
            using var reader = new StreamReader(file);
            log.Error($"pid file {path}: another flowd runs, process {reader.ReadLine()}");
            return false;
        }
        catch (Exception e) when (IsTrouble(e)) // writing it will say what is wrong
        {
            return true;
        }
    }

    /// <summary>Writes the file that the configuration names; null for the default one, which may fail without root.</summary>
    public void Write(string? configured)
    {
        string path = configured ?? DefaultPath;
        if (path == _path)
            return;
        Dispose();
        try
        {
            if (!FileOwner.MayReplace(path)) // /dev/null would become a file
                throw new IOException($"{path}: not a regular file");

            // Whole and locked under another name first, so that nobody ever reads half a number, or finds the file free.
            string temporary = $"{path}.{Environment.ProcessId}";
            _file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
            _file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            _file.Flush();
            TryLock(_file);
            File.Move(temporary, path, overwrite: true);
            _path = path;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            log.Write(configured is null ? LogLevel.Info : LogLevel.Error, $"pid file: {e.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            if (_path is not null)
                File.Delete(_path);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            log.Warning($"pid file: {e.Message}");
        }

        _file?.Dispose();
        (_path, _file) = (null, null);
    }

    private static bool TryLock(FileStream file)
    {
        try
        {
            file.Lock(0, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or Win32Exception;
}
