using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>What the person who runs the daemon can ask of it by kill(1).</summary>
[Flags]
public enum DaemonSignals
{
    None = 0,

    /// <summary>SIGHUP: read the configuration again and reopen the log.</summary>
    Reconfigure = 1,

    /// <summary>SIGUSR1: reopen the log.</summary>
    Reopen = 2,

    /// <summary>SIGUSR2: report statistics.</summary>
    Report = 4,

    /// <summary>SIGTERM or SIGINT: stop.</summary>
    Stop = 8,
}

/// <summary>
/// Signals as something to poll: a descriptor that becomes readable when one came. For the monitor alone; .NET handles signals on threads that
/// it starts for them, which a sandboxed process cannot have.
/// </summary>
public sealed unsafe class SignalInbox : IDisposable
{
    private const int EfdNonblockCloexec = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC; // EFD_ and SOCK_ flags have the same values

    private static readonly (int Signal, DaemonSignals Meaning)[] Meanings =
    [
        (Libc.SIGHUP, DaemonSignals.Reconfigure),
        (Libc.SIGUSR1, DaemonSignals.Reopen),
        (Libc.SIGUSR2, DaemonSignals.Report),
        (Libc.SIGTERM, DaemonSignals.Stop),
        (Libc.SIGINT, DaemonSignals.Stop),
    ];

    private readonly SafeFileHandle _event = Descriptors.Own(Libc.eventfd(0, EfdNonblockCloexec), "eventfd");
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _pending;

    public SignalInbox()
    {
        foreach ((int signal, DaemonSignals meaning) in Meanings)
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context => { context.Cancel = true; Raise(meaning); }));
    }

    public SafeFileHandle Handle => _event;

    /// <summary>What came since the last call.</summary>
    public DaemonSignals Take()
    {
        ulong count;
        _ = Libc.read(_event, &count, sizeof(ulong));
        return (DaemonSignals)Interlocked.Exchange(ref _pending, 0);
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _event.Dispose();
    }

    private void Raise(DaemonSignals meaning)
    {
        Interlocked.Or(ref _pending, (int)meaning);
        ulong one = 1;
        _ = Libc.write((int)_event.DangerousGetHandle(), &one, sizeof(ulong));
    }
}
