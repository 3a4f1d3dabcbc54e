using System;
using System.Globalization;
using System.IO;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>The file that tells others the monitor's process id.</summary>
internal sealed class PidFile(SystemLog log) : IDisposable
{
    private const string DefaultPath = "/var/run/flowd.pid";

    private string? _path;

    /// <summary>Writes the file that the configuration names; null for the default one, which may fail without root.</summary>
    public void Write(string? configured)
    {
        string path = configured ?? DefaultPath;
        if (path == _path)
            return;
        Dispose();
        try
        {
            string temporary = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(temporary, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            File.Move(temporary, path, overwrite: true);
            _path = path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Write(configured is null ? LogLevel.Info : LogLevel.Error, $"pid file: {e.Message}");
        }
    }

    public void Dispose()
    {
        if (_path is null)
            return;
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"pid file: {e.Message}");
        }

        _path = null;
    }
}
