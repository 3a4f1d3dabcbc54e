using System;
using Flowd.Records;

namespace Flowd.Store;

/// <summary>Records of a batch that follow one another and have the same header, up to <see cref="WireTest.MostRecords"/>. Good as long as the batch is.</summary>
public readonly ref struct BatchRun
{
    private readonly RecordLayout _layout;

    internal BatchRun(RecordLayout layout, ReadOnlySpan<byte> octets)
    {
        _layout = layout;
        Octets = octets;
        Count = octets.Length / layout.Length;
    }

    /// <summary>As they stand in the log, all of them.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    public LogFields Fields => _layout.Fields;

    /// <summary>Where their values stand.</summary>
    public WireLayout Layout => _layout.Values;

    public int Count { get; }

    /// <summary>A bit for each record, the lowest for the first.</summary>
    public ulong All => ulong.MaxValue >> (WireTest.MostRecords - Count);

    /// <summary>Those for which it is true, a bit for each.</summary>
    public ulong Ask(in WireTest test) => test.Matches(Octets, Count);

    /// <summary>One of them, as it stands in the log.</summary>
    public ReadOnlySpan<byte> OctetsOf(int record) => Octets.Slice(record * _layout.Length, _layout.Length);

    /// <summary>Reads one of them; see <see cref="LogReader.TryRead(LogFields, ref FlowRecord)"/>.</summary>
    public void Read(int record, LogFields wanted, ref FlowRecord into) => _layout.Decode(OctetsOf(record), wanted, ref into);
}
