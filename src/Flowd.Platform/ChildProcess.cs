using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Flowd.Platform;

/// <summary>How a child is started.</summary>
public sealed record ChildOptions
{
    /// <summary>Signals that steer a daemon reach the child itself; else they are blocked in it, and only the channel steers it.</summary>
    public bool TakesSignals { get; init; }

    /// <summary>Standard error goes to /dev/null as well; else it is the parent's.</summary>
    public bool Silent { get; init; }

    /// <summary>The child gets the whole environment; else only what the runtime and the time zone need.</summary>
    public bool WholeEnvironment { get; init; }
}

/// <summary>
/// A child in a session of its own, started with posix_spawn(3): .NET cannot fork. It inherits standard error, its end of the channel at
/// descriptor 3, and nothing else.
/// </summary>
public sealed unsafe class ChildProcess
{
    private static readonly int[] SteeringSignals = [Libc.SIGHUP, Libc.SIGINT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGTERM];

    private static readonly string[] HarmlessVariables = ["TZ", "TZDIR", "DOTNET_"];

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    /// <summary>After it was killed. What hangs in a system call on a disk that is gone ends when that does; a tracer can hold it as well.</summary>
    private static readonly TimeSpan TimeToDie = TimeSpan.FromSeconds(5);

    /// <summary>Children that had not ended by then: their ends are taken note of when another is started.</summary>
    private static readonly List<int> Undead = [];

    private bool _hasEnded; // then its id may be that of another process
    private string? _reason;

    private ChildProcess(int id) => Id = id;

    public int Id { get; }

    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, MessageChannel childEnd, ChildOptions options)
    {
        Undead.RemoveAll(undead => Libc.waitpid(undead, &undead, Libc.WNOHANG) != 0);
        byte* actions = stackalloc byte[Libc.OpaqueLength];
        byte* attributes = stackalloc byte[Libc.OpaqueLength];
        byte* signals = stackalloc byte[Libc.OpaqueLength];
        Libc.CheckZero(Libc.posix_spawn_file_actions_init(actions));
        Libc.CheckZero(Libc.posix_spawnattr_init(attributes));
        byte** argv = NativeStrings.Of(arguments);
        byte** envp = NativeStrings.Of(EnvironmentEntries(options.WholeEnvironment));
        byte* nativePath = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            AddDescriptors(actions, (int)childEnd.Handle.DangerousGetHandle(), options.Silent);
            FillSet(signals, SteeringSignals);
            Libc.CheckZero(Libc.posix_spawnattr_setsigdefault(attributes, signals));
            FillSet(signals, options.TakesSignals ? [] : SteeringSignals);
            Libc.CheckZero(Libc.posix_spawnattr_setsigmask(attributes, signals));
            const short flags = Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSID;
            Libc.CheckZero(Libc.posix_spawnattr_setflags(attributes, flags));
            int id;
            Libc.CheckZero(Libc.posix_spawn(&id, nativePath, actions, attributes, argv, envp), $"cannot start {path}");
            return new ChildProcess(id);
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)nativePath);
            NativeStrings.Free(argv);
            NativeStrings.Free(envp);
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>
    /// Makes this process another program, with the signals as a shell would have them and the path that it would have, and nothing else of the
    /// environment. Throws <see cref="System.ComponentModel.Win32Exception"/>.
    /// </summary>
    internal static void Execute(string path, IReadOnlyList<string> arguments)
    {
        byte* signals = stackalloc byte[Libc.OpaqueLength];
        FillSet(signals, SteeringSignals);
        Libc.Check(Libc.sigprocmask(Libc.SIG_UNBLOCK, signals, null));
        _ = Libc.signal(Libc.SIGPIPE, Libc.SIG_DFL);
        byte** argv = NativeStrings.Of(arguments);
        byte** envp = NativeStrings.Of([.. EnvironmentEntries(whole: false), "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
        Libc.Check(Libc.execve(path, argv, envp));
    }

    /// <summary>Sends SIGKILL, unless its end has been waited for.</summary>
    public void Kill()
    {
        if (!_hasEnded)
            _ = Libc.kill(Id, Libc.SIGKILL);
    }

    /// <summary>
    /// Waits for the end, and kills the child if it does not come in time. Null for an orderly one, else why in words ("exit status 1",
    /// "signal 9, killed by hand or for want of memory"). One that does not even end then is given up.
    /// </summary>
    public string? WaitForExit(TimeSpan patience)
    {
        if (!_hasEnded)
            _reason = WaitForReason(patience);
        _hasEnded = true;
        return _reason;
    }

    private string? WaitForReason(TimeSpan patience)
    {
        int status;
        int ended;
        for (long start = Stopwatch.GetTimestamp(); (ended = Libc.waitpid(Id, &status, Libc.WNOHANG)) == 0; Descriptors.Pause(BetweenLooks))
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (waited >= patience)
                Kill();
            if (waited < patience + TimeToDie)
                continue;
            Undead.Add(Id);
            return "it does not end, although it was killed";
        }

        return ended < 0 ? null : Describe(status);
    }

    private static string? Describe(int status)
    {
        int signal = status & 0x7F;
        int code = status >> 8 & 0xFF;
        return signal != 0 ? Signals.Describe(signal) : code != 0 ? $"exit status {code}" : null;
    }

    private static void FillSet(byte* set, ReadOnlySpan<int> signals)
    {
        Libc.CheckZero(Libc.sigemptyset(set));
        foreach (int signal in signals)
            Libc.CheckZero(Libc.sigaddset(set, signal));
    }

    private static void AddDescriptors(byte* actions, int channel, bool silent)
    {
        Libc.CheckZero(Libc.posix_spawn_file_actions_adddup2(actions, channel, MessageChannel.ChildDescriptor));
        for (int fd = 0; fd <= (silent ? 2 : 1); fd++)
            Libc.CheckZero(Libc.posix_spawn_file_actions_addopen(actions, fd, "/dev/null", Libc.O_RDWR, 0));
        Libc.CheckZero(Libc.posix_spawn_file_actions_addclosefrom_np(actions, MessageChannel.ChildDescriptor + 1));
    }

    private static List<string> EnvironmentEntries(bool whole)
    {
        var entries = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (whole || Array.Exists(HarmlessVariables, name => IsNamed((string)variable.Key, name)))
                entries.Add($"{variable.Key}={variable.Value}");
        }

        return entries;
    }

    private static bool IsNamed(string variable, string name)
        => name.EndsWith('_') ? variable.StartsWith(name, StringComparison.Ordinal) : variable == name;
}
