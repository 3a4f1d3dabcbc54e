using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>One address of records, and the class that it puts them into.</summary>
internal sealed class AddressDimension(AddressField field, ClassMap four, UInt128[] places6, int[] classes6)
{
    private readonly Intervals6 _six = new(places6);

    public int ClassOf(in FlowRecord record)
    {
        if (!ConditionEvaluator.IsThere(field, in record))
            return 0;
        ref readonly Address address = ref ConditionEvaluator.AddressOf(in record, field);
        return address.Family switch
        {
            AddressFamily.IPv4 => four.ClassOf(address.Low),
            AddressFamily.IPv6 => classes6[_six.IndexOf(address.High, address.Low)],
            _ => 0,
        };
    }
}
