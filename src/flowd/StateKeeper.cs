using System;
using System.ComponentModel;
using System.IO;
using System.Threading.Tasks;
using Flowd.Platform;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// The memory by which a worker leaves its successor what it knows of exporters, and the file that keeps it over a restart of flowd. The monitor
/// copies octets and understands none of them: the worker checks what it finds.
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
    private const int BlockLength = 64 << 10;
    private const int NoSuchFile = 2; // ENOENT

    private string? _path;
    private bool _isConfigured;
    private bool _isLoaded;
    private Task _saving = Task.CompletedTask;

    /// <summary>Null where the system does not give it (a limit on the size of files counts for memory files too); then flowd does without.</summary>
    public SafeFileHandle? Memory { get; } = MakeMemory("flowd.state", Length, log);

    /// <summary>Null likewise.</summary>
    public SafeFileHandle? Snapshot { get; } = MakeMemory("flowd.metrics", SnapshotLength, log);

    public long NextTick { get; private set; } = long.MaxValue;

    /// <summary>Takes the path from the settings; the first time, what is in that file goes into the memory.</summary>
    public void Apply(Settings settings)
    {
        _isConfigured = settings.StateFile is not null;
        _path = settings.StateFile is NoPath || Memory is null ? null : settings.StateFile ?? DefaultPath;
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

    public void Dispose()
    {
        Memory?.Dispose();
        Snapshot?.Dispose();
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
            if (RandomAccess.GetLength(file) > Length)
                log.Warning($"{path}: longer than a state file can be; ignored");
            else
                Copy(file, Memory!);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Say("it is not read", e);
        }
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
                Copy(Memory!, file);
                RandomAccess.FlushToDisk(file);
            }

            Descriptors.Replace(path, with: temporary);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Say("it is not written", e);
        }
    }

    // Blocks of zeros are left out: both sides begin as nothing but zeros, and stay short.
    private static void Copy(SafeFileHandle from, SafeFileHandle to)
    {
        byte[] block = new byte[BlockLength];
        for (long offset = 0; offset < Length; offset += BlockLength)
        {
            int length = RandomAccess.Read(from, block, offset);
            if (length == 0)
                return;
            if (block.AsSpan(0, length).ContainsAnyExcept((byte)0))
                RandomAccess.Write(to, block.AsSpan(0, length), offset);
        }
    }

    private void Say(string what, Exception e)
        => log.Write(_isConfigured ? LogLevel.Error : LogLevel.Info, $"state file {_path}: {what}: {e.Message}");

    private static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or Win32Exception;
}
