using System.Collections.Generic;

namespace Flowd.Filter.Index;

/// <summary>A number of a record is one of a set or, if negated, is not. What a record does not have is in no set.</summary>
internal readonly record struct NumberLeaf(RecordNumber Number, RangeSet Set, bool Negated = false);

/// <summary>An address of a record is one of a set, which is not "any", or, if negated, is not. No address is in no set.</summary>
internal readonly record struct AddressLeaf(AddressField Field, PrefixSet Set, bool Negated = false);

/// <summary>Conditions that all must hold for a rule to match. Others: what cannot be indexed; asked when the rest holds.</summary>
internal sealed record Row(NumberLeaf[] Numbers, AddressLeaf[] Addresses, Condition[] Others)
{
    /// <summary>Every record.</summary>
    public static readonly Row All = new([], [], []);

    public static Row Of(params NumberLeaf[] numbers) => new(numbers, [], []);

    public static Row Of(AddressLeaf address) => new([], [address], []);

    public static Row Of(Condition other) => new([], [], [other]);

    public Row And(Row other) => new([.. Numbers, .. other.Numbers], [.. Addresses, .. other.Addresses], [.. Others, .. other.Others]);
}

/// <summary>A rule as it is indexed: it matches if any of its rows does. A match of one that is quick ends the evaluation.</summary>
internal readonly record struct RowsOfRule(IReadOnlyList<Row> Rows, bool IsQuick);
