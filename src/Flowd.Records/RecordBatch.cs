using System;

namespace Flowd.Records;

/// <summary>
/// The records of one datagram. Allocated once per worker and reused, so decoding does not allocate.
/// A batch keeps what was decoded before an error: a damaged tail must not discard a good head.
/// </summary>
public sealed class RecordBatch(int capacity)
{
    private readonly FlowRecord[] _records = new FlowRecord[capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == _records.Length;

    public Span<FlowRecord> Records => _records.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Adds a zeroed record and returns it for filling in. The caller has checked <see cref="IsFull"/>.</summary>
    public ref FlowRecord Add()
    {
        ref FlowRecord record = ref _records[Count];
        Count++;
        record = default;
        return ref record;
    }

    /// <summary>Takes back the last record, when it turned out to be incomplete.</summary>
    public void RemoveLast() => Count--;
}
