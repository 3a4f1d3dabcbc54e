using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Flowd.Reader;

/// <summary>Set by SIGINT and SIGTERM, which then do not end the program at once: what was read is printed first.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly ManualResetEventSlim _event = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public bool IsSet => _event.IsSet;

    /// <summary>Waits for it, no longer than that.</summary>
    public void Wait(TimeSpan time) => _event.Wait(time);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _event.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _event.Set();
    }
}
