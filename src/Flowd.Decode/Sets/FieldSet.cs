using System.Collections.Generic;

namespace Flowd.Decode.Sets;

/// <summary>A set of fields, one bit each.</summary>
internal readonly record struct FieldSet(ulong Low, ulong High)
{
    private const int WordBits = 64;

    public bool IsEmpty => (Low | High) == 0;

    public bool Has(FlowField field) => (((int)field < WordBits ? Low : High) & 1ul << ((int)field % WordBits)) != 0;

    public bool HasAny(FieldSet set) => (Low & set.Low | High & set.High) != 0;

    public FieldSet With(FlowField field)
        => (int)field < WordBits ? this with { Low = Low | 1ul << (int)field } : this with { High = High | 1ul << ((int)field - WordBits) };

    public FieldSet Without(FieldSet set) => new(Low & ~set.Low, High & ~set.High);

    public static FieldSet Of(params IEnumerable<FlowField> fields)
    {
        FieldSet set = default;
        foreach (FlowField field in fields)
            set = set.With(field);
        return set;
    }
}
