using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// Some records of a log, one behind the other, for a thread of its own: <see cref="LogReader.TryTakeBatch"/> has looked at their headers only, and
/// <see cref="Verify"/> looks at the rest. Reused.
/// </summary>
public sealed class LogBatch
{
    private readonly RecordLayouts _layouts = new();
    private byte[] _block = [];
    private int _start;
    private int _end;
    private int _next;
    private int _recordLength;

    /// <summary>Where in the log the records begin.</summary>
    public long Offset { get; private set; }

    public int Length => _end - _start;

    /// <summary>The octets of the record that was read last.</summary>
    public ReadOnlySpan<byte> RecordOctets => _block.AsSpan(_next - _recordLength, _recordLength);

    internal ReadOnlySpan<byte> Octets => _block.AsSpan(_start, Length);

    internal ScanState Before { get; private set; }

    /// <summary>False if something is wrong with one of the records; then none of them is to be taken from here.</summary>
    public bool Verify()
    {
        for (int at = _start; at < _end;)
        {
            ReadOnlySpan<byte> rest = _block.AsSpan(at, _end - at);
            if (_layouts.Find(ReadUInt64BigEndian(rest)) is not { } layout || !layout.IsTrue(rest))
                return false;
            at += layout.Length;
        }

        return true;
    }

    /// <summary>The next record of those that were found to be true; see <see cref="LogReader.TryRead(LogFields, ref FlowRecord)"/>.</summary>
    public bool TryRead(LogFields wanted, ref FlowRecord record)
    {
        if (_next == _end)
            return false;
        ReadOnlySpan<byte> rest = _block.AsSpan(_next, _end - _next);
        RecordLayout layout = _layouts.Find(ReadUInt64BigEndian(rest))!;
        layout.Decode(rest, wanted, ref record);
        _recordLength = layout.Length;
        _next += layout.Length;
        return true;
    }

    /// <summary>Takes over a block; returns the one it had.</summary>
    internal byte[] Exchange(byte[] block, int start, int end, long offset, ScanState before)
    {
        byte[] old = _block.Length == block.Length ? _block : new byte[block.Length];
        (_block, _start, _end, _next, _recordLength, Offset, Before) = (block, start, end, start, 0, offset, before);
        return old;
    }
}
