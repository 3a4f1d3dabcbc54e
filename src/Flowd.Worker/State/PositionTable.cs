using System;
using System.Collections.Generic;
using Flowd.Decode;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Worker.State;

/// <summary>A place in a sequence that a former worker had reached, and what it had found missing up to there, in units of the sequence.</summary>
internal readonly record struct Position(Address Exporter, ushort Version, uint Domain, uint Next, ulong Lost, uint LastSeenSeconds);

/// <summary>
/// Up to where the log has each stream of each exporter: what a worker that is killed has taken from the kernel but not yet written is missing from
/// the log, and its successor must be able to tell how much that is. So a place counts only once its flush is done.
/// </summary>
/*
    A slot of 64 octets for each stream, big-endian:

     0  flush u64 that wrote up to `next`   8  next u32   12  next before that flush u32   16  last seen u32   20  version u16, 0 if free
    22  1 if there was a flush before that one, u8   23  family u8   24  domain u32   28  zero u32   32  address
    48  lost up to `next` u64   56  lost before that flush u64
*/
internal sealed class PositionTable(StateMemory memory)
{
    /// <summary>As many as there are streams at most (DecodeLimits.Streams).</summary>
    public const int Slots = 65_536;
    public const int SlotLength = 64;

    /// <summary>In octets.</summary>
    public const int Length = Slots * SlotLength;

    private readonly Stack<int> _free = new();

    /// <summary>
    /// The places that the log has. If the former worker was killed in the middle of a flush, the length of the log tells whether that was
    /// done; -1 if that is not known.
    /// </summary>
    public List<Position> Read(long logLength)
    {
        bool isLastDone = memory.LogLength >= 0 && logLength >= memory.LogLength;
        ulong done = isLastDone ? memory.FlushBegun : memory.FlushDone;
        var positions = new List<Position>();
        for (int slot = 0; slot < memory.Slots; slot++)
        {
            if (TryRead(memory.Positions.Slice(slot * SlotLength, SlotLength), done) is { } position)
                positions.Add(position);
        }

        return positions;
    }

    /// <summary>Begins with an empty table: streams get their slots anew.</summary>
    public void Clear()
    {
        memory.Slots = 0;
        memory.FlushBegun = memory.FlushDone = 0;
        memory.LogLength = -1;
        _free.Clear();
    }

    /// <summary>A flush begins that writes all that came from these streams. LogLength: that of the log once it is done, -1 if unknown.</summary>
    public void BeginFlush(IReadOnlyList<ExportStream> streams, long logLength)
    {
        ulong flush = memory.FlushDone + 1;
        for (int i = 0; i < streams.Count; i++)
        {
            if (!streams[i].IsForgotten)
                Publish(streams[i], flush);
        }

        memory.LogLength = logLength;
        memory.FlushBegun = flush;
    }

    public void EndFlush() => memory.FlushDone = memory.FlushBegun;

    public void Forget(ExportStream stream)
    {
        if (stream.Slot < 0)
            return;
        SlotOf(stream).Clear();
        _free.Push(stream.Slot);
        stream.Slot = -1;
    }

    private void Publish(ExportStream stream, ulong flush)
    {
        if (!stream.HasPosition)
            Forget(stream); // an old place would make loss of what came
        else if (stream.Slot >= 0 || TryTakeSlot(stream))
            Write(SlotOf(stream), stream, flush);
    }

    // The order of the writes is such that a kill between any two of them leaves a slot that is true.
    private void Write(Span<byte> slot, ExportStream stream, ulong flush)
    {
        ulong before = ReadUInt64BigEndian(slot);
        if (before > 0 && before <= memory.FlushDone)
        {
            slot[8..12].CopyTo(slot[12..]);
            slot[48..56].CopyTo(slot[56..]);
            slot[22] = 1;
        }

        WriteUInt64BigEndian(slot, flush);
        WriteUInt32BigEndian(slot[8..], stream.NextSequence);
        WriteUInt64BigEndian(slot[48..], stream.Lost);
        WriteUInt32BigEndian(slot[16..], stream.LastSeenSeconds);
    }

    private bool TryTakeSlot(ExportStream stream)
    {
        if (!_free.TryPop(out int number))
        {
            if (memory.Slots == Slots)
                return false;
            number = memory.Slots;
        }

        stream.Slot = number;
        Span<byte> slot = SlotOf(stream);
        slot.Clear();
        memory.Slots = Math.Max(memory.Slots, number + 1);
        slot[23] = (byte)stream.Exporter.Address.Family;
        WriteUInt32BigEndian(slot[24..], stream.Domain);
        stream.Exporter.Address.Write(slot[32..]);
        WriteUInt16BigEndian(slot[20..], stream.Version);
        return true;
    }

    private Span<byte> SlotOf(ExportStream stream) => memory.Positions.Slice(stream.Slot * SlotLength, SlotLength);

    // What is read may come from a file that anybody wrote: nothing in it is believed that could do harm.
    private static Position? TryRead(ReadOnlySpan<byte> slot, ulong done)
    {
        ulong flush = ReadUInt64BigEndian(slot);
        ushort version = ReadUInt16BigEndian(slot[20..]);
        bool isDone = flush <= done;
        if (version == 0 || flush == 0 || (!isDone && slot[22] == 0))
            return null;
        Address? address = (AddressFamily)slot[23] switch
        {
            AddressFamily.IPv4 => Address.FromIPv4(ReadUInt32BigEndian(slot[32..])),
            AddressFamily.IPv6 => Address.FromIPv6(slot[32..48]),
            _ => null,
        };
        uint next = ReadUInt32BigEndian(slot[(isDone ? 8 : 12)..]);
        ulong lost = ReadUInt64BigEndian(slot[(isDone ? 48 : 56)..]) & long.MaxValue; // so that no sum overflows
        uint lastSeen = ReadUInt32BigEndian(slot[16..]);
        return address is null ? null : new Position(address.Value, version, ReadUInt32BigEndian(slot[24..]), next, lost, lastSeen);
    }
}
