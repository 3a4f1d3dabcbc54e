using System;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>
/// Batches of a plain file, taken by several threads at a time: each reads a piece of its own, and cuts it into records when its turn comes, beginning with what the
/// piece before left of one. Only that must wait for others.
/// </summary>
internal sealed partial class RecordScanner
{
    // With the beginning of a record before it, it is no longer than a batch.
    private const int PieceLength = BatchLength - LogRecord.MaxLength;

    private const int MostSpins = 100;

    private readonly object _turns = new();
    private SafeFileHandle? _file; // null if pieces are not being taken
    private long _begin; // of the log, in the file
    private long _nextPiece; // what nobody has yet, in the file
    private long _taken;
    private long _cut;
    private volatile bool _isOver; // what follows must be looked at with care, or the log ends

    /// <summary>False if this is no plain file. Then, and up to <see cref="EndPieces"/>, only pieces may be taken.</summary>
    public bool BeginPieces()
    {
        if (_file is not null)
            return true;
        if (stream is not FileStream { CanSeek: true } file)
            return false;
        _nextPiece = file.Position - Rest.Length;
        _begin = _nextPiece - Offset;
        (_file, _taken, _cut, _isOver) = (file.SafeFileHandle, 0, 0, false);
        (_start, _end) = (0, 0);
        return true;
    }

    /// <summary>As <see cref="TryTakeBatch"/>, for any thread; false to all once there is none.</summary>
    public bool TryTakePiece(LogBatch batch)
    {
        long number = Interlocked.Increment(ref _taken) - 1;
        long place = _nextPiece + number * PieceLength;
        Span<byte> room = batch.Room(Front + BatchLength).Slice(Front, PieceLength);
        bool isTaken = false;
        int length = 0;
        try
        {
            length = _isOver ? 0 : ReadPiece(room, place);
        }
        finally
        {
            AwaitTurn(number);
            isTaken = !_isOver && TryCut(batch, length);
            _isOver |= !isTaken || length < PieceLength || Rest.Length >= LogRecord.MaxLength;
            PassTurn(number);
        }

        return isTaken;
    }

    private int ReadPiece(Span<byte> room, long place)
    {
        int length = 0;
        for (int read = 1; read > 0 && length < room.Length; length += read)
            read = RandomAccess.Read(_file!, room[length..], place + length);
        return length;
    }

    // The others are about to be done, unless the system has stopped one of them.
    private void AwaitTurn(long number)
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _cut) != number && wait.Count < MostSpins)
            wait.SpinOnce(sleep1Threshold: -1);
        lock (_turns)
        {
            while (_cut != number)
                Monitor.Wait(_turns);
        }
    }

    private void PassTurn(long number)
    {
        lock (_turns)
        {
            _cut = number + 1;
            Monitor.PulseAll(_turns);
        }
    }

    // What was taken from a batch on, if there is one, or was read and not taken, is read again. False if no pieces were being taken.
    private bool EndPieces(LogBatch? first)
    {
        if (_file is null)
            return false;
        if (first is not null)
            (_shortest, _lastIsChecked) = (first.Before.Shortest, first.Before.LastIsChecked);
        Restart(first?.Offset ?? Offset);
        stream.Position = _begin + Offset;
        _file = null;
        return true;
    }
}
