using System;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// A memory file mapped into this process, mmap(2): what is written is there at once for everybody who holds the file, also when this process is
/// killed at the next moment. The file must have a sealed length, or who shrinks it kills who reads it.
/// </summary>
public sealed unsafe class SharedMemory : IDisposable
{
    private const nint Failed = -1; // MAP_FAILED

    private readonly SafeFileHandle _file;
    private readonly int _length;
    private void* _start;

    /// <summary>
    /// Takes over the file; as a <paramref name="copy"/>, what is written stays in this process, and the file may be open for reading only. Throws
    /// <see cref="System.ComponentModel.Win32Exception"/>.
    /// </summary>
    public SharedMemory(SafeFileHandle file, int length, bool copy = false)
    {
        nint start = Libc.mmap(null, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, copy ? Libc.MAP_PRIVATE : Libc.MAP_SHARED, file, 0);
        Libc.Check(start == Failed ? -1 : 0, "mmap");
        _file = file;
        _length = length;
        _start = (void*)start;
    }

    public Span<byte> Octets => _start is null ? [] : new Span<byte>(_start, _length);

    public void Dispose()
    {
        if (_start is not null)
            _ = Libc.munmap(_start, (nuint)_length);
        _start = null;
        _file.Dispose();
    }
}
