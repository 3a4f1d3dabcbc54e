using System;

namespace Flowd.Records;

/// <summary>
/// The records of one datagram. Allocated once per worker and reused, so decoding does not allocate.
/// A batch keeps what was decoded before an error: a damaged tail must not discard a good head.
/// </summary>
public sealed class RecordBatch(int capacity)
{
    /// <summary>Room for elements without a place in their record (LogFields.Other), of all records together.</summary>
    private const int MostOtherOctets = 256 * 1024;

    /// <summary>Octets of them that fit into a record beside everything else.</summary>
    public const int MostOtherOfRecord = 600;

    private readonly FlowRecord[] _records = new FlowRecord[capacity];
    private byte[] _other = []; // few ask for it
    private int _otherLength;

    public int Capacity => _records.Length;

    public int Count { get; private set; }

    public bool IsFull => Count == _records.Length;

    public Span<FlowRecord> Records => _records.AsSpan(0, Count);

    public void Clear() => (Count, _otherLength) = (0, 0);

    /// <summary>Adds a copy of a record and returns it for filling in. The caller has checked <see cref="IsFull"/>.</summary>
    public ref FlowRecord Add(in FlowRecord blank)
    {
        ref FlowRecord record = ref _records[Count];
        Count++;
        record = blank;
        return ref record;
    }

    /// <summary>The elements of one of the records, as <see cref="OtherElements"/> reads them.</summary>
    public ReadOnlySpan<byte> OtherOf(in FlowRecord record) => _other.AsSpan(record.OtherOffset, record.OtherLength);

    /// <summary>
    /// Adds an element to the record that was added last; false if it is too long for a log, or there is no room. Either all records of a datagram find room,
    /// or it is an odd datagram.
    /// </summary>
    public bool TryAddOther(ref FlowRecord record, uint enterprise, ushort id, ReadOnlySpan<byte> value)
    {
        int length = OtherElements.LengthOf(value.Length);
        if (_other.Length == 0)
            _other = new byte[MostOtherOctets];
        if (record.OtherLength == 0)
            record.OtherOffset = _otherLength;
        if (record.OtherLength + length > MostOtherOfRecord || _otherLength + length > _other.Length)
            return false;
        OtherElements.Write(_other.AsSpan(_otherLength), enterprise, id, value);
        _otherLength += length;
        record.OtherLength += (ushort)length;
        record.Fields |= LogFields.Other;
        return true;
    }

    /// <summary>Takes back the last record, when it turned out to be incomplete.</summary>
    public void RemoveLast() => Count--;
}
