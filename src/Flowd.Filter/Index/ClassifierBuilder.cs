using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter.Index;

/// <summary>
/// Finds what rows look at, and divides each such number and address into classes: what the rows cannot tell apart is in one. Numbers come first among the
/// dimensions, then addresses.
/// </summary>
internal sealed class ClassifierBuilder
{
    private readonly Dictionary<RecordNumber, SetTable<RangeSet>> _numbers = [];
    private readonly Dictionary<AddressField, SetTable<PrefixSet>> _addresses = [];
    private readonly List<SetClasses> _classes = [];

    public ClassifierBuilder(IEnumerable<Row> rows, LocalClock clock)
    {
        foreach (Row row in rows)
        {
            foreach (NumberLeaf leaf in row.Numbers)
                TableOf(_numbers, leaf.Number).Add(leaf.Set);
            foreach (AddressLeaf leaf in row.Addresses)
                TableOf(_addresses, leaf.Field).Add(leaf.Set);
        }

        Classifier = new Classifier([.. _numbers.Select(number => Divide(number.Key, number.Value, clock)), .. _addresses.Select(field => Divide(field.Key, field.Value))]);
    }

    public Classifier Classifier { get; }

    /// <summary>The conditions of a row in terms of classes, first those that hold for the fewest.</summary>
    public IEnumerable<ClassTest> TestsOf(Row row)
        => row.Addresses.Select(leaf => TestOf(_addresses[leaf.Field], leaf.Set, leaf.Negated))
            .Concat(row.Numbers.Select(leaf => TestOf(_numbers[leaf.Number], leaf.Set, leaf.Negated)))
            .OrderBy(test => test.ShareOf(_classes[test.Dimension].Count));

    private static SetTable<TSet> TableOf<TKey, TSet>(Dictionary<TKey, SetTable<TSet>> tables, TKey key)
        where TKey : notnull
        where TSet : IEquatable<TSet>
    {
        if (!tables.TryGetValue(key, out SetTable<TSet>? table))
            tables.Add(key, table = new SetTable<TSet>());
        return table;
    }

    private ClassTest TestOf<TSet>(SetTable<TSet> table, TSet set, bool negated)
        where TSet : IEquatable<TSet>
        => new(table.Dimension, _classes[table.Dimension].RunsOf(table.NumberOf(set)), negated);

    private NumberDimension Divide(RecordNumber number, SetTable<RangeSet> table, LocalClock clock)
    {
        SetClasses classes = Divide(table);
        (ulong[] places, int[] pieces) = classes.Cut(set => table.Sets[set].Edges);
        return new NumberDimension(number, clock, new ClassMap(places, pieces));
    }

    private AddressDimension Divide(AddressField field, SetTable<PrefixSet> table)
    {
        SetClasses classes = Divide(table);
        (ulong[] places4, int[] pieces4) = classes.Cut(set => table.Sets[set].Edges4);
        (UInt128[] places6, int[] pieces6) = classes.Cut(set => table.Sets[set].Edges6);
        return new AddressDimension(field, new ClassMap(places4, pieces4), places6, pieces6);
    }

    private SetClasses Divide<TSet>(SetTable<TSet> table)
        where TSet : IEquatable<TSet>
    {
        table.Dimension = _classes.Count;
        _classes.Add(new SetClasses(table.Sets.Count));
        return _classes[^1];
    }
}
