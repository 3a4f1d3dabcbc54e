using System;
using System.IO.Hashing;
using Flowd.Platform;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Worker.State;

/// <summary>
/// The memory by which a worker leaves what it knows to the next one. It lives in the monitor, which writes it to a file now and then and never
/// looks inside; so whoever is killed at whatever moment, it must be of use to the next.
/// </summary>
/*
    Numbers are big-endian.

    header     0  magic "flowdst1"    8  flush begun u64   16  flush done u64   24  length of the log after the flush begun i64, -1 if it has none
              32  positions in use u32, so that nobody touches, and so takes, memory for the others
              36  seal u32: CRC-32 of all that stands before it and of the positions in use, if the worker ended in order, else 0
    4096      positions: see PositionTable
    then      two places for snapshots of what was learnt (DecoderState), written by turns, so that one is whole at any moment:
               0  number u64   8  length u32   12  CRC-32 u32 of number, length and content   16  content
*/
internal sealed class StateMemory : IDisposable
{
    private const ulong Magic = 0x666C6F7764737431;
    private const int HeaderLength = 4096;
    private const int FlushBegunAt = 8;
    private const int FlushDoneAt = 16;
    private const int LogLengthAt = 24;
    private const int SlotsAt = 32;
    private const int SealAt = 36;
    private const int SnapshotHead = 16;
    private const int Snapshots = 2;

    /// <summary>No worker lives to write so many snapshots: a larger number is none of ours, and there would be none after the largest.</summary>
    private const ulong LargestNumber = 1ul << 62;

    private readonly SharedMemory _memory;
    private ulong _number;

    public StateMemory(SharedMemory memory)
    {
        _memory = memory;
        IsNew = ReadUInt64BigEndian(memory.Octets) != Magic;
        if (!IsNew)
            return;
        memory.Octets[..HeaderLength].Clear();
        for (int i = 0; i < Snapshots; i++)
            PlaceOf((ulong)i)[..SnapshotHead].Clear();
        WriteUInt64BigEndian(memory.Octets, Magic);
    }

    /// <summary>True if nobody, or another version of this program, wrote to it before.</summary>
    public bool IsNew { get; }

    public Span<byte> Positions => _memory.Octets.Slice(HeaderLength, PositionTable.Length);

    public ulong FlushBegun
    {
        get => ReadUInt64BigEndian(_memory.Octets[FlushBegunAt..]);
        set => WriteUInt64BigEndian(_memory.Octets[FlushBegunAt..], value);
    }

    public ulong FlushDone
    {
        get => ReadUInt64BigEndian(_memory.Octets[FlushDoneAt..]);
        set => WriteUInt64BigEndian(_memory.Octets[FlushDoneAt..], value);
    }

    public long LogLength
    {
        get => ReadInt64BigEndian(_memory.Octets[LogLengthAt..]);
        set => WriteInt64BigEndian(_memory.Octets[LogLengthAt..], value);
    }

    /// <summary>True if the worker that wrote this ended in order, and what it wrote last is still there.</summary>
    public bool IsSealed => Seal != 0 && Seal == SealOfNow();

    /// <summary>True if something that was whole once is not any more.</summary>
    public bool IsDamaged { get; private set; }

    private uint Seal
    {
        get => ReadUInt32BigEndian(_memory.Octets[SealAt..]);
        set => WriteUInt32BigEndian(_memory.Octets[SealAt..], value);
    }

    /// <summary>How many slots of <see cref="PositionTable"/> may be in use.</summary>
    public int Slots
    {
        get => (int)Math.Min(ReadUInt32BigEndian(_memory.Octets[SlotsAt..]), PositionTable.Slots);
        set => WriteUInt32BigEndian(_memory.Octets[SlotsAt..], (uint)value);
    }

    /// <summary>The newest snapshot that is whole; empty if there is none.</summary>
    public ReadOnlySpan<byte> ReadSnapshot()
    {
        ReadOnlySpan<byte> newest = [];
        for (int i = 0; i < Snapshots; i++)
        {
            ReadOnlySpan<byte> place = PlaceOf((ulong)i);
            ulong number = ReadUInt64BigEndian(place);
            uint length = ReadUInt32BigEndian(place[8..]);
            if (number == 0)
                continue;
            bool isWhole = number <= LargestNumber && length <= place.Length - SnapshotHead
                && ReadUInt32BigEndian(place[12..]) == ChecksumOf(place, (int)length);
            IsDamaged |= !isWhole;
            if (!isWhole || number <= _number)
                continue;
            _number = number;
            newest = place.Slice(SnapshotHead, (int)length);
        }

        return newest;
    }

    /// <summary>Has a snapshot written in place of the older one. <paramref name="write"/> returns how many octets it took.</summary>
    public void WriteSnapshot(Func<Span<byte>, int> write)
    {
        Span<byte> place = PlaceOf(++_number);
        WriteUInt64BigEndian(place, 0); // half of it is nothing
        int length = write(place[SnapshotHead..]);
        WriteUInt64BigEndian(place, _number);
        WriteUInt32BigEndian(place[8..], (uint)length);
        WriteUInt32BigEndian(place[12..], ChecksumOf(place, length));
    }

    /// <summary>Nothing more will be written. To be called before the memory is of use to anybody but a successor.</summary>
    public void PutSeal() => Seal = SealOfNow();

    public void BreakSeal()
    {
        IsDamaged |= Seal != 0 && !IsSealed;
        Seal = 0;
    }

    public void Dispose() => _memory.Dispose();

    private Span<byte> PlaceOf(ulong number)
    {
        Span<byte> both = _memory.Octets[(HeaderLength + PositionTable.Length)..];
        int length = both.Length / Snapshots;
        return both.Slice((int)(number % Snapshots) * length, length);
    }

    private uint SealOfNow()
    {
        var checksum = new Crc32();
        checksum.Append(_memory.Octets[..SealAt]);
        checksum.Append(Positions[..(Slots * PositionTable.SlotLength)]);
        return checksum.GetCurrentHashAsUInt32();
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> place, int length)
    {
        var checksum = new Crc32();
        checksum.Append(place[..12]);
        checksum.Append(place.Slice(SnapshotHead, length));
        return checksum.GetCurrentHashAsUInt32();
    }
}
