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
    /// <summary>Takes whole records that follow one another as a batch; false if none does here, which <see cref="TryRead(Records.LogFields, ref Records.FlowRecord)"/> finds the reason of.</summary>
    public bool TryTakeBatch(LogBatch batch)
    {
        _recordLength = 0;
        while ((_start > 0 || _end < _block.Length) && Fill())
        {
        }

        var before = new ScanState(_shortest, _lastIsChecked);
        int end = EndOfRun();
        if (end == _start)
            return false;
        int length = end - _start;
        ReadOnlySpan<byte> rest = _block.AsSpan(end, _end - end);
        byte[] next = batch.Exchange(_block, _start, end, Offset, before);
        rest.CopyTo(next);
        (_block, _start, _end) = (next, 0, rest.Length);
        Offset += length;
        return true;
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

        if (first is null)
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

    // Where the records end that are whole, by what their headers say.
    private int EndOfRun()
    {
        int at = _start;
        while (_end - at >= LogRecord.HeaderLength && _layouts.Find(ReadUInt64BigEndian(_block.AsSpan(at))) is { } layout)
        {
            if (layout.Length > _end - at || (!layout.IsChecked && _lastIsChecked == true))
                break;
            at += layout.Length;
            _shortest = Math.Min(_shortest, layout.Length);
            _lastIsChecked = layout.IsChecked;
        }

        return at;
    }
}
