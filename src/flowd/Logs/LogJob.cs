namespace Flowd.Monitor.Logs;

/// <summary>A log to mend or to compress once more, by a process without rights.</summary>
/// <param name="Path">The final path.</param>
/// <param name="IsLeftBehind">The file is still named as in progress: its end may be torn, and it gets its final name afterwards.</param>
internal readonly record struct LogJob(LogPath Path, bool IsLeftBehind)
{
    public string SourceName => IsLeftBehind ? Path.Name + LogLine.InProgress : Path.Name;

    public string TargetName => Path.Name + LogLine.Temporary;
}
