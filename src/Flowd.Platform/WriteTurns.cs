using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// Turns at writing, for processes that append to the same files: while one has its turn at a file the others wait. Who is killed in the middle
/// loses the turn, and the next one learns from what length on the file is not whole. For one thread of each process.
/// </summary>
/// <remarks>
/// The locks (fcntl(2)) are of octets of a memory file, not of the files themselves: those have locks that say that they are in use
/// (<see cref="FileLock"/>), and may lie where locks are slow.
/// </remarks>
/*
    The memory, in the byte order of the machine: places of 32 octets, some for each process
     0  device u64   8  inode u64   16  the length u64 that the file had when the turn began, plus 1; 0 if there is no turn   24  zero
*/
public sealed unsafe class WriteTurns : IDisposable
{
    /// <summary>Of the memory file, in octets.</summary>
    public const int Length = Places * PlaceLength;

    /// <summary>For each process: the next one leaves alone what one that was killed has left, until that file is looked at.</summary>
    private const int PlacesOfOne = 4;

    private const int Places = Share.Most * PlacesOfOne;
    private const int PlaceLength = 32;
    private const int InodeAt = 8;
    private const int BegunAt = 16;

    private readonly SafeFileHandle _file;
    private readonly SharedMemory _memory;
    private readonly int _place;
    private long _locked;

    /// <summary>Takes over the memory file, of sealed length. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public WriteTurns(SafeFileHandle memory, int self)
    {
        _memory = new SharedMemory(memory, Length);
        _file = memory;
        _place = self * PlacesOfOne;
        for (int i = 1; i < PlacesOfOne && BegunOf(_place) != 0; i++)
            _place++;
    }

    /// <summary>Waits for the turn; what somebody began to write who was killed is cut off.</summary>
    public void Begin(SafeFileHandle file)
    {
        _ = FileIdentity.TryGet(file, out FileIdentity identity, out long length); // of which nothing can be told will not be written either
        _locked = (long)(identity.Inode & long.MaxValue >> 1);
        Lock(Libc.F_WRLCK);
        if (FileIdentity.TryGet(file, out identity, out length))
            length = Mend(file, identity, length);
        Span<byte> place = PlaceOf(_place);
        BitConverter.TryWriteBytes(place, identity.Device);
        BitConverter.TryWriteBytes(place[InodeAt..], identity.Inode);
        SetBegun(place, (ulong)length + 1);
    }

    /// <summary>The file is whole.</summary>
    public void End()
    {
        SetBegun(PlaceOf(_place), 0);
        Lock(Libc.F_UNLCK);
    }

    public void Dispose() => _memory.Dispose();

    // Nobody is at this file but us: a place that names it is of somebody who came to no end.
    private long Mend(SafeFileHandle file, FileIdentity identity, long length)
    {
        for (int i = 0; i < Places; i++)
        {
            Span<byte> place = PlaceOf(i);
            ulong begun = BegunOf(i);
            if (begun == 0 || BitConverter.ToUInt64(place) != identity.Device || BitConverter.ToUInt64(place[InodeAt..]) != identity.Inode)
                continue;
            if (begun - 1 < (ulong)length && Libc.ftruncate(file, (long)begun - 1) == 0)
                length = (long)begun - 1;
            SetBegun(place, 0);
        }

        return length;
    }

    private void Lock(short type)
    {
        var turn = new Libc.flock_t { l_type = type, l_start = _locked, l_len = 1 };
        while (Libc.fcntl(_file, Libc.F_SETLKW, &turn) != 0)
            Libc.Check(Libc.Errno == Libc.EINTR ? 0 : -1, "fcntl");
    }

    private Span<byte> PlaceOf(int number) => _memory.Octets.Slice(number * PlaceLength, PlaceLength);

    private ulong BegunOf(int number) => BitConverter.ToUInt64(PlaceOf(number)[BegunAt..]);

    // Whoever is killed before or after this has said what is true.
    private static void SetBegun(Span<byte> place, ulong begun)
    {
        fixed (byte* start = place)
            Volatile.Write(ref *(ulong*)(start + BegunAt), begun);
    }
}
