using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>The logs that arguments name: a file is itself, a folder all logs below it, the oldest first.</summary>
internal static class LogPaths
{
    private const string InProgress = ".current";
    private const string Temporary = ".tmp";

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
        => Directory.EnumerateFiles(folder, "*", Everything)
            .Where(path => !path.EndsWith(Temporary, StringComparison.Ordinal))
            .Select(path => (Path: path, IsInProgress: path.EndsWith(InProgress, StringComparison.Ordinal), Time: FirstTime(path)))
            .OrderBy(log => log.IsInProgress).ThenBy(log => log.Time).ThenBy(log => log.Path, StringComparer.Ordinal)
            .Select(log => log.Path);

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

    public static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
