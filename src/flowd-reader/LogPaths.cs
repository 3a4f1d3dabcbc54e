using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>The logs that arguments name: a file is itself, a folder all logs below it, the oldest first.</summary>
internal static class LogPaths
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, // symbolic links, names that begin with a dot
        IgnoreInaccessible = false,
    };

    /// <summary>What cannot be listed is a message.</summary>
    public static List<string> Of(IEnumerable<string> arguments, Messages messages)
    {
        var paths = new List<string>();
        foreach (string argument in arguments)
        {
            try
            {
                if (argument != Options.StandardStream && Directory.Exists(argument))
                    paths.AddRange(Below(argument));
                else
                    paths.Add(argument);
            }
            catch (Exception e) when (SystemError.Is(e))
            {
                messages.Error(argument, e);
            }
        }

        return paths;
    }

    /// <summary>The logs in a folder by the time of their first record, those in progress last; throws what listing throws.</summary>
    public static IEnumerable<string> Below(string folder)
    {
        HashSet<string> files = [.. Directory.EnumerateFiles(folder, "*", Everything).Where(path => LogName.MayBeLog(Path.GetFileName(path)))];
        return files
            .Where(path => !LogName.IsInProgress(path) || !(files.Contains(LogName.Finished(path)) || IsEmpty(path)))
            .Select(path => (Path: path, IsInProgress: LogName.IsInProgress(path), Time: FirstTime(path)))
            .OrderBy(log => log.IsInProgress).ThenBy(log => log.Time).ThenBy(log => log.Path, StringComparer.Ordinal)
            .Select(log => log.Path);
    }

    /// <summary>Opens a log; one that was in progress by the name that it has got meanwhile, if it has.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return OpenNamed(path);
        }
        catch (FileNotFoundException) when (LogName.IsInProgress(path) && File.Exists(LogName.Finished(path)))
        {
            return OpenNamed(LogName.Finished(path));
        }
    }

    private static FileStream OpenNamed(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    // It may be removed again, if nothing comes.
    private static bool IsEmpty(string path) => new FileInfo(path) is { Exists: true, Length: 0 };

    // When the first flow was received, or failing that, the file was written.
    private static DateTimeOffset FirstTime(string path)
    {
        try
        {
            using FileStream file = Open(path);
            if (LogStart.TimeOf(file) is { } time)
                return time;
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            // said when it is read
        }

        return File.GetLastWriteTimeUtc(path);
    }
}
