using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>One number of records, and the class that it puts them into.</summary>
internal sealed class NumberDimension(RecordNumber number, LocalClock clock, ClassMap classes) : IDimension
{
    private readonly ulong[] _room = new ulong[FlowNumbers.Most];
    private readonly RecordValue? _value = number.Value;

    public bool SuitsRuns => number.IsOfMessage || _value is not null;

    public int ClassOf(in FlowRecord record)
        => number.TryRead(in record, clock, _room, out ulong value) ? classes.ClassOf(value) : 0;

    public void Classify(WireLayout layout, in FlowRecord common, ReadOnlySpan<byte> records, Span<int> into, int dimensions)
    {
        if (_value is not { } value || !layout.TryFind(value, out WirePlace place))
        {
            IDimension.Fill(into, dimensions, ClassOf(in common));
            return;
        }

        WireNumber wire = WireNumber.Of(layout, place.Offset, place.Length);
        for (int at = 0; at < into.Length; at += dimensions)
        {
            into[at] = classes.ClassOf(wire.Read(records));
            records = records[layout.Length..];
        }
    }
}
