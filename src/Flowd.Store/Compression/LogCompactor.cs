using System;
using System.Collections.Generic;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;
using System.IO;

namespace Flowd.Store;

/// <summary>What became of compressing a log once more.</summary>
/// <param name="Records">How many are in it.</param>
/// <param name="Gaps">Stretches of the source that held none; they are left out.</param>
/// <param name="Octets">The length of the new file.</param>
public readonly record struct CompactResult(long Records, long Gaps, long Octets);

/// <summary>
/// Writes a finished log once more: in blocks of a better size, with an index behind them. Decoded it is what it was, to the octet. It needs two open
/// files, one thread and bounded memory.
/// </summary>
public static class LogCompactor
{
    /// <summary>Reads all of the source, plain or compressed, and writes the target, which is empty, from its beginning. IOException where a disk gives trouble.</summary>
    public static CompactResult Compact(SafeFileHandle source, SafeFileHandle target, int level)
    {
        using var stream = new HandleStream(source, 0);
        using var encoder = new FrameEncoder(level);
        var reader = new LogReader(stream);
        var writer = new BlockWriter(target, encoder);
        long records = 0;
        while (reader.TryRead(out FlowRecord record))
        {
            writer.Add(in record, reader.RecordOctets);
            records++;
        }

        return new CompactResult(records, reader.Gaps, writer.Finish());
    }

    private sealed class BlockWriter(SafeFileHandle target, FrameEncoder encoder)
    {
        private readonly BlockBuilder _block = new();
        private readonly List<BlockEntry> _entries = [];
        private long _offset;

        public void Add(in FlowRecord record, ReadOnlySpan<byte> octets)
        {
            if (_block.TryAdd(in record, octets))
                return;
            EndBlock();
            _block.TryAdd(in record, octets);
        }

        public long Finish()
        {
            if (!_block.IsEmpty)
                EndBlock();
            Write(LogIndex.Write(_entries));
            return _offset;
        }

        private void EndBlock()
        {
            ReadOnlySpan<byte> frame = encoder.Encode(_block.Records);
            Write(frame);
            _entries.Add(_block.Finish(frame.Length));
        }

        private void Write(ReadOnlySpan<byte> octets)
        {
            RandomAccess.Write(target, octets, _offset);
            _offset += octets.Length;
        }
    }
}
