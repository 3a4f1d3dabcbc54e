using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>A set of descriptors to wait for, poll(2). The order of <see cref="Add"/> is the index.</summary>
public sealed unsafe class Poller
{
    private Libc.pollfd[] _entries = new Libc.pollfd[8];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Add(SafeFileHandle handle, bool alsoForWriting = false)
        => AddEntry(handle, alsoForWriting ? (short)(Libc.POLLIN | Libc.POLLOUT) : Libc.POLLIN);

    /// <summary>Waits for room in a socket instead.</summary>
    public void AddForWriting(SafeFileHandle handle) => AddEntry(handle, Libc.POLLOUT);

    private void AddEntry(SafeFileHandle handle, short events)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new Libc.pollfd { fd = (int)handle.DangerousGetHandle(), events = events };
    }

    /// <summary>Waits until a descriptor is ready or closed by its peer, a signal comes, or the time is over. Milliseconds; -1 waits for ever.</summary>
    public bool Wait(int milliseconds)
    {
        fixed (Libc.pollfd* entries = &MemoryMarshal.GetArrayDataReference(_entries))
        {
            for (int i = 0; i < Count; i++)
                entries[i].revents = 0;
            int ready = Libc.poll(entries, (nuint)Count, milliseconds);
            return ready >= 0 || Libc.Errno == Libc.EINTR ? ready > 0 : throw new InvalidOperationException(Libc.ErrorText(Libc.Errno));
        }
    }

    public bool IsReady(int index) => _entries[index].revents != 0;
}
