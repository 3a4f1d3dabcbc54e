using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor.Logs;

/// <summary>
/// The logs that workers have open: opens them by what the configuration in force names, locked and below its folders only, and gives them their final
/// names when all workers are done with them.
/// </summary>
internal sealed class LogFiles
{
    /// <summary>Files of a worker in use and those opened before their time; it has limits of its own, this is against one that was taken over.</summary>
    private const int MostOpen = 2200;

    /// <summary>A period may begin that much away from now, besides two of its lengths: the worker asks some time ahead, and clocks are set.</summary>
    private const long SecondsOff = 60;

    private const int MostNumbers = 10_000;

    private readonly record struct OpenLog(LogPath Path, FileIdentity Identity);

    private readonly Dictionary<(int Worker, uint Id), OpenLog> _open = [];
    private readonly HashSet<string> _maybeTorn = []; // by a worker that died while others go on writing to them

    /// <summary>Paths of files that are in progress, without what says so.</summary>
    public IEnumerable<string> InProgress => _open.Values.Where(log => log.Path.Line.Rotation is not null).Select(log => log.Path.Path);

    /// <summary>Opens what is asked for. Throws <see cref="Win32Exception"/> with a text for people.</summary>
    public SafeFileHandle Open(Settings settings, int worker, in LogRequest request)
    {
        LogPath path = Find(settings, in request);
        if (_open.Keys.Count(key => key.Worker == worker) >= MostOpen)
            throw new Win32Exception(0, "too many logs are open");
        using Folder folder = path.OpenFolder(make: path.Line.MakesFolders);
        string name = path.Line.Rotation is null ? path.Name : path.Name + LogLine.InProgress;
        SafeFileHandle file = folder.OpenForAppend(name, follow: !path.Line.MakesFolders);
        FileIdentity identity = settings.Workers > 1 ? FileIdentity.Of(file) : default;
        if (!(settings.Workers > 1 ? FileLock.TryShare(file, isOurs: _open.Values.Any(log => log.Identity == identity)) : FileLock.TryTake(file)))
        {
            file.Dispose();
            throw new Win32Exception(0, $"{path.Path}: in use by another process");
        }

        if (settings.Syncs)
            folder.Sync();
        _open[(worker, request.Id)] = new OpenLog(path, identity);
        return file;
    }

    /// <summary>The path that a request would get, for messages.</summary>
    public static string Describe(Settings settings, in LogRequest request)
        => request.Line < settings.Logs.Count ? settings.Logs[request.Line].PathOf(in request) : $"log line {request.Line}";

    /// <summary>The worker does not write to it any more, and it is not finished.</summary>
    public void Release(int worker, uint id) => _open.Remove((worker, id));

    /// <summary>The worker has died; a new one asks anew.</summary>
    public void ReleaseAll(int worker)
    {
        string[] left = [.. _open.Where(one => one.Key.Worker == worker).Select(one => one.Value.Path.Path)];
        foreach ((int Worker, uint Id) key in _open.Keys.Where(key => key.Worker == worker).ToArray())
            _open.Remove(key);
        _maybeTorn.UnionWith(InProgress.Intersect(left));
    }

    /// <summary>
    /// The worker is done with it: it gets its final name, or is removed if nothing is in it. Null if there is nothing to finish, or others write to
    /// it still. Throws <see cref="Win32Exception"/>.
    /// </summary>
    public LogJob? Finish(int worker, uint id, bool sync)
    {
        if (!_open.Remove((worker, id), out OpenLog log) || log.Path.Line.Rotation is null || _open.Values.Any(other => other.Path.Path == log.Path.Path))
            return null;
        LogPath path = log.Path;
        bool mayBeTorn = _maybeTorn.Remove(path.Path);
        using Folder folder = path.OpenFolder(make: false);
        string name = path.Name + LogLine.InProgress;
        if (IsEmpty(folder, name))
        {
            folder.Remove(name);
            return null;
        }

        if (mayBeTorn)
            return new LogJob(path, IsLeftBehind: true); // to be mended before it gets its name
        LogPath final = NameFinally(folder, name, path);
        if (sync)
            folder.Sync();
        return new LogJob(final, IsLeftBehind: false);
    }

    /// <summary>Gives a file in a folder the path that is wanted, or that with a number: nothing that has a name loses it.</summary>
    public static LogPath NameFinally(Folder folder, string name, LogPath wanted)
    {
        for (int number = 0; number < MostNumbers; number++)
        {
            LogPath path = number == 0 ? wanted : wanted with { Path = Rotation.LogPattern.Numbered(wanted.Path, number) };
            if (folder.TryRename(name, path.Name))
                return path;
        }

        throw new Win32Exception(0, $"{wanted.Path}: too many files of that name");
    }

    private static bool IsEmpty(Folder folder, string name)
    {
        using SafeFileHandle file = folder.OpenForRead(name);
        return RandomAccess.GetLength(file) == 0;
    }

    private static LogPath Find(Settings settings, in LogRequest request)
    {
        if (request.Line >= settings.Logs.Count)
            throw new Win32Exception(0, $"there is no log line {request.Line}");
        LogLine line = settings.Logs[request.Line];
        bool fits = (request.Exporter.Family == Records.AddressFamily.None) != line.Pattern.HasExporter && (request.Tag is null || line.Pattern.HasTag);
        if (!fits || !IsNear(line, request.Start))
            throw new Win32Exception(0, $"{line.Text}: no such file is to be written now");
        return new LogPath(line, line.PathOf(in request));
    }

    private static bool IsNear(LogLine line, long start)
        => line.Rotation is { } rotation
            ? Int128.Abs((Int128)start - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) <= 2L * rotation.Seconds + SecondsOff
            : start == 0;
}
