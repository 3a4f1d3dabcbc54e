using System;
using System.Collections.Generic;
using System.IO;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>What is known at a place of a log of the records before it: the length of the shortest, and whether the last one had a checksum.</summary>
internal readonly record struct ScanState(int Shortest, bool? LastIsChecked);

/// <summary>Records by the block, for several threads: here only the headers are looked at. What is found to be wrong later comes back.</summary>
internal sealed partial class RecordScanner
{
    // What is read into a batch stands behind room for what was read before it and not taken.
    private const int Front = BlockLength;

    /// <summary>Takes whole records that follow one another as a batch; false if none does here, which <see cref="TryRead(Records.LogFields, ref Records.FlowRecord)"/> finds the reason of.</summary>
    public bool TryTakeBatch(LogBatch batch)
    {
        Span<byte> room = batch.Room(Front + BatchLength)[Front..^Rest.Length];
        int length = 0;
        try
        {
            for (int read; !_ended && length < room.Length; length += read)
            {
                read = stream.Read(room[length..]);
                _ended = read == 0;
            }
        }
        catch
        {
            KeepBehind(Rest.Length, room[..length]);
            throw;
        }

        return TryCut(batch, length);
    }

    /// <summary>Takes back batches, in their order, of which the last was the last that was taken. They are read again.</summary>
    public void PutBack(IReadOnlyCollection<LogBatch> batches)
    {
        using var octets = new MemoryStream();
        LogBatch? first = null;
        foreach (LogBatch batch in batches)
        {
            first ??= batch;
            octets.Write(batch.Octets);
        }

        if (EndPieces(first) || first is null)
            return;
        octets.Write(Rest);
        if (stream is PrefixStream again)
        {
            octets.Write(again.Unread);
            stream = again.Rest;
        }

        stream = new PrefixStream(octets.ToArray(), stream);
        (_shortest, _lastIsChecked) = (first.Before.Shortest, first.Before.LastIsChecked);
        Restart(first.Offset);
    }

    // Of what was read into it, and what is left from before.
    private bool TryCut(LogBatch batch, int read)
    {
        _recordLength = 0;
        Span<byte> room = batch.Room(Front + BatchLength)[..(Front + read)];
        int start = Front - Rest.Length;
        Rest.CopyTo(room[start..]);
        batch.Begin(start, Offset, new ScanState(_shortest, _lastIsChecked));
        AddStretches(room, batch);
        KeepBehind(0, room[batch.End..]);
        Offset += batch.Length;
        return batch.Length > 0;
    }

    // What is read next: some of what was, and other octets.
    private void KeepBehind(int kept, ReadOnlySpan<byte> octets)
    {
        _block.AsSpan(_start, kept).CopyTo(_block);
        octets.CopyTo(_block.AsSpan(kept));
        (_start, _end) = (0, kept + octets.Length);
    }

    // Records that are whole, by what their headers say.
    private void AddStretches(ReadOnlySpan<byte> octets, LogBatch batch)
    {
        int at = batch.End;
        while (octets.Length - at >= LogRecord.HeaderLength && _layouts.Find(ReadUInt64BigEndian(octets[at..])) is { } layout)
        {
            int end = EndOfStretch(octets, at, layout);
            if (end == at || (!layout.IsChecked && _lastIsChecked == true))
                return;
            batch.Add(layout, end);
            at = end;
            _shortest = Math.Min(_shortest, layout.Length);
            _lastIsChecked = layout.IsChecked;
        }
    }

    private static int EndOfStretch(ReadOnlySpan<byte> octets, int start, RecordLayout layout)
    {
        (ulong header, int length) = (layout.Header, layout.Length);
        int at = start;
        for (int last = octets.Length - length; at <= last && ReadUInt64BigEndian(octets.Slice(at, LogRecord.HeaderLength)) == header;)
            at = unchecked(at + length);
        return at;
    }
}
