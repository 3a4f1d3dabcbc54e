using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Flowd.Platform;

namespace Flowd.Monitor.Logs;

/// <summary>
/// Looks through the folders of logs that rotate: deletes finished files that are too old or too many octets, and finds those that a worker left behind.
/// It touches nothing that its line's pattern does not describe. The looking is done beside the monitor's loop, the deleting too.
/// </summary>
internal sealed class LogJanitor(LogFiles files, Finisher finisher, SystemLog log) : ITimed
{
    private const long MillisecondsBetween = 60_000;

    /// <summary>After a change there may be more of them.</summary>
    private const long MillisecondsAfterChange = 1000;

    private static readonly TimeSpan TemporaryLife = TimeSpan.FromMinutes(1);

    private Settings? _settings;
    private Task<List<LogJob>>? _looking;
    private bool _isWaiting; // for what it finds
    private bool _isAsked; // since it began to look

    public long NextTick { get; private set; } = long.MaxValue;

    /// <summary>Begins with the files that the last flowd left.</summary>
    public void Apply(Settings settings)
    {
        _settings = settings;
        NextTick = settings.Logs.Exists(line => line.Rotation is not null) ? Environment.TickCount64 + MillisecondsAfterChange : long.MaxValue;
    }

    /// <summary>There is a new file, or a worker has died.</summary>
    public void LookSoon()
    {
        _isAsked = true;
        NextTick = Math.Min(NextTick, Environment.TickCount64 + MillisecondsAfterChange);
    }

    public void Tick(long now)
    {
        if (_looking is { IsCompleted: false })
        {
            NextTick = now + MillisecondsAfterChange;
            return;
        }

        if (_isWaiting && _looking is { IsCompletedSuccessfully: true, Result: var left })
        {
            Finish(left);
            _isWaiting = false;
            NextTick = now + (_isAsked ? MillisecondsAfterChange : MillisecondsBetween);
            return;
        }

        LogLine[] lines = [.. _settings!.Logs.Where(line => line.Rotation is not null)];
        HashSet<string> busy = [.. files.InProgress, .. finisher.Path is { } path ? [path] : Array.Empty<string>()];
        _looking = Task.Run(() => Look(lines, busy));
        NextTick = now + MillisecondsAfterChange;
        _isWaiting = true;
        _isAsked = false;
    }

    private void Finish(List<LogJob> left)
    {
        foreach (LogJob job in left)
        {
            if (files.InProgress.Contains(job.Path.Path) || finisher.IsBusyWith(job.Path.Path))
                continue;
            log.Notice($"{job.Path.Path}: left unfinished, which is done now");
            finisher.Add(job);
        }
    }

    private List<LogJob> Look(LogLine[] lines, HashSet<string> busy)
    {
        var left = new List<LogJob>();
        foreach (LogLine line in lines)
        {
            try
            {
                List<FileInfo> found = FilesOf(line);
                RemoveTemporary(line, found, busy);
                Expire(line, found);
                left.AddRange(LeftBehind(line, found, busy));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
            {
                log.Error($"{line.Text}: {e.Message}");
            }
        }

        return left;
    }

    private static List<FileInfo> FilesOf(LogLine line)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint, // symbolic links
            MaxRecursionDepth = line.Text.Count(c => c == '/'),
            MatchType = MatchType.Simple,
        };
        var folder = new DirectoryInfo(line.Pattern.BaseDirectory);
        return folder.Exists ? [.. folder.EnumerateFiles("*", options).Where(file => IsOurs(line, file))] : [];
    }

    private static bool IsOurs(LogLine line, FileInfo file)
        => line.Pattern.Matches(IsInProgress(file) || IsTemporary(file) ? FinalPath(file) : file.FullName);

    // What a finisher that did not come to its end has left; there is another file with all of it.
    private void RemoveTemporary(LogLine line, List<FileInfo> found, HashSet<string> busy)
    {
        foreach (FileInfo file in found.Where(IsTemporary).Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > TemporaryLife && !busy.Contains(FinalPath(file))))
            Delete(new LogPath(line, file.FullName));
        found.RemoveAll(IsTemporary);
    }

    private void Expire(LogLine line, List<FileInfo> found)
    {
        DateTime oldest = line.Keep is { } keep ? DateTime.UtcNow - keep : DateTime.MinValue;
        long octets = found.Sum(LengthOf);
        foreach (FileInfo file in found.Where(file => !IsInProgress(file)).OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.FullName, StringComparer.Ordinal))
        {
            if (file.LastWriteTimeUtc >= oldest && octets <= (line.MaxOctets ?? long.MaxValue))
                break;
            octets -= LengthOf(file);
            Delete(new LogPath(line, file.FullName));
        }
    }

    private void Delete(LogPath path)
    {
        try
        {
            using (Folder folder = path.OpenFolder(make: false))
                folder.Remove(path.Name);
            path.RemoveEmptyFolders();
            log.Debug($"{path.Path}: deleted");
        }
        catch (Win32Exception e)
        {
            log.Error($"{path.Path}: not deleted: {e.Message}");
        }
    }

    // Those of the period that is now may be gone on with by the next worker.
    private static IEnumerable<LogJob> LeftBehind(LogLine line, List<FileInfo> found, HashSet<string> busy)
    {
        DateTimeOffset start = TimeZoneInfo.ConvertTime(
            DateTimeOffset.FromUnixTimeSeconds(line.Clock!.StartOf(DateTimeOffset.UtcNow.ToUnixTimeSeconds())), TimeZoneInfo.Local);
        return found.Where(IsInProgress)
            .Where(file => !busy.Contains(FinalPath(file)) && !line.Pattern.IsOfPeriod(FinalPath(file), start) && file.LastWriteTimeUtc < start.UtcDateTime)
            .Select(file => new LogJob(new LogPath(line, FinalPath(file)), IsLeftBehind: true));
    }

    private static bool IsInProgress(FileInfo file) => file.Name.EndsWith(LogLine.InProgress, StringComparison.Ordinal);

    private static bool IsTemporary(FileInfo file) => file.Name.EndsWith(LogLine.Temporary, StringComparison.Ordinal);

    private static string FinalPath(FileInfo file) => file.FullName[..^(IsInProgress(file) ? LogLine.InProgress : LogLine.Temporary).Length];

    // It may be gone meanwhile.
    private static long LengthOf(FileInfo file) => file.Exists ? file.Length : 0;
}
