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
    private RecordRun[] _runs = new RecordRun[16];
    private int _runCount;
    private int _used; // of the array
    private byte[] _other = []; // few ask for it
    private int _otherLength;

    public int Capacity => _records.Length;

    /// <summary>How many records there are, those of runs included.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == _records.Length;

    /// <summary>How many more it has room for.</summary>
    public int Room => _records.Length - Count;

    /// <summary>The records, one for each run among them.</summary>
    public Span<FlowRecord> Records => _records.AsSpan(0, _used);

    /// <summary>What was left on the wire, in the order of the records.</summary>
    public ReadOnlySpan<RecordRun> Runs => _runs.AsSpan(0, _runCount);

    public void Clear()
    {
        (Count, _used, _otherLength) = (0, 0, 0);
        Array.Clear(_runs, 0, _runCount); // so that layouts which are gone may go
        _runCount = 0;
    }

    /// <summary>Adds a copy of a record and returns it for filling in. The caller has checked <see cref="IsFull"/>.</summary>
    public ref FlowRecord Add(in FlowRecord blank)
    {
        ref FlowRecord record = ref _records[_used];
        Count++;
        _used++;
        record = blank;
        return ref record;
    }

    /// <summary>Adds records that stay on the wire, one or more, at most as many as there is <see cref="Room"/>.</summary>
    /// <param name="blank">What they have in common.</param>
    /// <param name="layout">Where each has the rest.</param>
    /// <param name="offset">Where in the datagram they begin, in octets.</param>
    /// <param name="count">How many they are.</param>
    public void AddRun(in FlowRecord blank, WireLayout layout, int offset, int count)
    {
        if (_runCount == _runs.Length)
            Array.Resize(ref _runs, 2 * _runCount);
        _runs[_runCount++] = new RecordRun(layout, offset, count, _used);
        Add(in blank);
        Count += count - 1;
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
    public void RemoveLast()
    {
        Count--;
        _used--;
    }
}
