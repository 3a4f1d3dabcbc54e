using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>One address of records, and the class that it puts them into.</summary>
internal sealed class AddressDimension(AddressField field, ClassMap four, UInt128[] places6, int[] classes6) : IDimension
{
    private readonly Intervals6 _six = new(places6);
    private readonly RecordValue? _value = WireValues.Of(field);

    public bool SuitsRuns => _value is not null;

    public int ClassOf(in FlowRecord record)
    {
        if (!ConditionEvaluator.IsThere(field, in record))
            return 0;
        ref readonly Address address = ref ConditionEvaluator.AddressOf(in record, field);
        return address.Family switch
        {
            AddressFamily.IPv4 => four.ClassOf(address.Low),
            AddressFamily.IPv6 => ClassOf(address.High, address.Low),
            _ => 0,
        };
    }

    public void Classify(WireLayout layout, in FlowRecord common, ReadOnlySpan<byte> records, Span<int> into, int dimensions)
    {
        if (_value is not { } value || !layout.TryFind(value, out WirePlace place))
            IDimension.Fill(into, dimensions, ClassOf(in common));
        else if (place.Length == sizeof(uint))
            Classify4(WireNumber.Of(layout, place.Offset, sizeof(uint)), layout.Length, records, into, dimensions);
        else
            Classify6(WireNumber.Of(layout, place.Offset, sizeof(ulong)), WireNumber.Of(layout, place.Offset + sizeof(ulong), sizeof(ulong)), layout.Length, records, into, dimensions);
    }

    private void Classify4(WireNumber address, int length, ReadOnlySpan<byte> records, Span<int> into, int dimensions)
    {
        for (int at = 0; at < into.Length; at += dimensions)
        {
            into[at] = four.ClassOf(address.Read(records));
            records = records[length..];
        }
    }

    private void Classify6(WireNumber high, WireNumber low, int length, ReadOnlySpan<byte> records, Span<int> into, int dimensions)
    {
        for (int at = 0; at < into.Length; at += dimensions)
        {
            into[at] = ClassOf(high.Read(records), low.Read(records));
            records = records[length..];
        }
    }

    private int ClassOf(ulong high, ulong low) => classes6[_six.IndexOf(high, low)];
}
