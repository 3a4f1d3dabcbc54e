using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// The memories by which workers leave their successors what they know of exporters, and the file that keeps them over a restart of flowd. The
/// monitor copies octets and understands none of them: the workers check what they find.
/// </summary>
internal sealed class StateKeeper(SystemLog log) : ITimed, IDisposable
{
    /// <summary>Of the state in memory; see docs/architecture.md. What is not written to takes no room.</summary>
    public const int Length = 64 << 20;

    /// <summary>Of what the worker writes for who scrapes metrics.</summary>
    public const int SnapshotLength = 8 << 20;

    private const string DefaultPath = "/var/lib/flowd/state";
    public const string NoPath = "none"; // Configuration.NoStateFile
    private const long MillisecondsBetweenSaves = 60_000;
    private const int NoSuchFile = 2; // ENOENT

    private string? _path;
    private bool _isConfigured;
    private bool _isLoaded;
    private Task _saving = Task.CompletedTask;

    /// <summary>Of each worker; null where the system does not give one (a limit on the size of files counts for memory files too), and flowd does without.</summary>
    public IReadOnlyList<SafeFileHandle?> Memories { get; private set; } = [];

    /// <summary>What each worker writes for who scrapes metrics; null likewise.</summary>
    public IReadOnlyList<SafeFileHandle?> Snapshots { get; private set; } = [];

    /// <summary>What the workers of a former flowd knew, to be read, where that is not simply gone on with.</summary>
    public List<SafeFileHandle> Former { get; } = [];

    public long NextTick { get; private set; } = long.MaxValue;

    /// <summary>Takes the path from the settings; the first time, makes memories for that many workers and reads that file.</summary>
    public void Apply(Settings settings)
    {
        if (Memories.Count == 0)
        {
            Memories = [.. Enumerable.Range(0, settings.Workers).Select(_ => MakeMemory("flowd.state", Length, log))];
            Snapshots = [.. Enumerable.Range(0, settings.Workers).Select(_ => MakeMemory("flowd.metrics", SnapshotLength, log))];
        }

        _isConfigured = settings.StateFile is not null;
        _path = settings.StateFile is NoPath || Memories.Contains(null) ? null : settings.StateFile ?? DefaultPath;
        NextTick = _path is null ? long.MaxValue : Environment.TickCount64 + MillisecondsBetweenSaves;
        if (!_isLoaded && _path is not null)
            Load(_path);
        _isLoaded = true;
    }

    public void Tick(long now)
    {
        if (now < NextTick)
            return;
        NextTick = now + MillisecondsBetweenSaves;
        if (_path is { } path && _saving.IsCompleted) // a disk that takes longer than a minute gets no second one
            _saving = Task.Run(() => Save(path));
    }

    /// <summary>Saves at the end, when there is no worker any more.</summary>
    public void Finish()
    {
        _saving.Wait();
        if (_path is not null && _isLoaded)
            Save(_path);
    }

    /// <summary>All workers have read what former ones knew.</summary>
    public void ForgetFormer()
    {
        Former.ForEach(static memory => memory.Dispose());
        Former.Clear();
    }

    public void Dispose()
    {
        foreach (SafeFileHandle? memory in Memories.Concat(Snapshots))
            memory?.Dispose();
        ForgetFormer();
    }

    private static SafeFileHandle? MakeMemory(string name, int length, SystemLog log)
    {
        try
        {
            return Descriptors.MemoryFile(name, length);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            log.Warning($"no memory for {name}: {e.Message}");
            return null;
        }
    }

    private void Load(string path)
    {
        try
        {
            using SafeFileHandle file = Descriptors.OpenFile(path);
            List<(long Start, long Length)> parts = StateFile.Find(file);
            if (parts.Count == 1 && Memories.Count == 1)
                StateFile.Copy(file, parts[0], Memories[0]!, 0);
            else
                parts.ForEach(part => AddFormer(file, part));
        }
        catch (InvalidDataException e)
        {
            log.Warning($"{path}: {e.Message}; ignored");
        }
        catch (Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Say("it is not read", e);
        }
    }

    private void AddFormer(SafeFileHandle file, (long Start, long Length) part)
    {
        using SafeFileHandle memory = Descriptors.MemoryFile("flowd.former", Length);
        StateFile.Copy(file, part, memory, 0);
        Former.Add(Descriptors.ReadOnly(memory));
    }

    // Whole and durable under another name first, then in place of the old one: at no moment is there half a file.
    private void Save(string path)
    {
        string temporary = path + ".new";
        try
        {
            if (path == DefaultPath)
                Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using (SafeFileHandle file = Descriptors.Create(temporary))
            {
                StateFile.Write(file, [.. Memories.OfType<SafeFileHandle>()]);
                RandomAccess.FlushToDisk(file);
            }

            Descriptors.Replace(path, with: temporary);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Say("it is not written", e);
        }
    }

    private void Say(string what, Exception e)
        => log.Write(_isConfigured ? LogLevel.Error : LogLevel.Info, $"state file {_path}: {what}: {e.Message}");

    private static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or Win32Exception;
}
