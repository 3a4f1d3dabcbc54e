using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Filter;
using Flowd.Filter.Index;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>How large the tree is that leads to rows, and how few of them it leaves.</summary>
public class RuleIndexTests
{
    // 20 networks talk to 20 others by 25 services: no single clause says much.
    [Fact]
    public void Every_pair_of_networks_and_services_is_told_apart()
    {
        IEnumerable<Row> rows = from source in Enumerable.Range(0, 20)
                                from destination in Enumerable.Range(20, 20)
                                from service in Enumerable.Range(1, 25)
                                select new Row([new(NumberOf(NumberField.DestinationPort), RangeSet.Of((ulong)service))], [new(AddressField.Source, Network(source)), new(AddressField.Destination, Network(destination))], []);
        RuleTree tree = TreeOf([.. rows]);
        Assert.InRange(LongestList(tree), 1, 8);
    }

    [Fact]
    public void A_network_for_each_rule_leaves_few_rows_for_any_record()
    {
        Row[] rows = [.. Enumerable.Range(0, 10_000).Select(i => new Row([new(NumberOf(NumberField.Protocol), RangeSet.Of(6))], [new(AddressField.Destination, Network(i))], []))];
        RuleTree tree = TreeOf(rows);
        Assert.InRange(LongestList(tree), 1, 8);
        Assert.Equal(10_000, tree.Rows.Length);
        Assert.All(tree.Rows, row => Assert.Equal(0, row.Test?.Dimension)); // the network led there, only the protocol is asked
        Assert.Empty(tree.Tests);
    }

    // Sets that overlap without any order would have a copy of each row under thousands of classes.
    [Fact]
    public void Overlapping_ranges_take_bounded_room()
    {
        var random = new Random(1);
        Row[] rows = [.. Enumerable.Range(0, 5_000).Select(_ => Row.Of(
            [.. new[] { NumberField.SourcePort, NumberField.DestinationPort }.Select(field => new NumberLeaf(NumberOf(field), RangeSet.Between((ulong)random.Next(65536), (ulong)random.Next(65536))))]))];
        RuleTree tree = TreeOf(rows);
        Assert.InRange(tree.Rows.Length, 1, 5_000 * 64 + 100_000);
        Assert.InRange(tree.Nodes.Length, 1, 100_000);
    }

    [Fact]
    public void What_holds_for_the_fewest_is_asked_first()
    {
        Row[] rows = [.. Enumerable.Range(1, 100).Select(i => Row.Of(new(NumberOf(NumberField.Protocol), RangeSet.Of(6)), new NumberLeaf(NumberOf(NumberField.DestinationPort), RangeSet.Of((ulong)i))))];
        ClassTest[] tests = [.. new ClassifierBuilder(rows, Clock).TestsOf(rows[0])];
        Assert.Equal([1, 0], tests.Select(test => test.Dimension));
    }

    [Fact]
    public void A_large_table_is_one_set_of_one_class()
    {
        var random = new Random(2);
        PrefixSet table = PrefixSet.Of([.. Enumerable.Range(0, 50_000).Select(_ => new Prefix(Address.FromIPv4((uint)random.NextInt64(1L << 32)), 32))]);
        var builder = new ClassifierBuilder([Row.Of(new AddressLeaf(AddressField.Source, table)), Row.Of(new AddressLeaf(AddressField.Source, table, Negated: true))], Clock);
        Assert.Equal([1, 2], Assert.Single(builder.TestsOf(Row.Of(new AddressLeaf(AddressField.Source, table)))).Runs);
    }

    private static readonly LocalClock Clock = new(TimeZoneInfo.Utc);

    private static RecordNumber NumberOf(NumberField field) => new(RecordNumberKind.OfField, field);

    private static PrefixSet Network(int number) => PrefixSet.Of(new Prefix(Address.FromIPv4(0x0A000000 + (uint)number * 256), 24));

    private static RuleTree TreeOf(Row[] rows)
    {
        var builder = new ClassifierBuilder(rows, Clock);
        return new TreeBuilder([.. rows.Select((row, i) => new TestedRow(new RuleOfRow(i, IsQuick: false, IsAlone: true), [.. builder.TestsOf(row)], 0, 0))]).Build();
    }

    private static int LongestList(RuleTree tree)
    {
        int longest = 0;
        int length = 0;
        foreach (IndexedRow row in tree.Rows)
        {
            longest = Math.Max(longest, ++length);
            length = row.IsLast ? 0 : length;
        }

        return longest;
    }
}
