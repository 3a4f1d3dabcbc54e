using System;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Filter.Index;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>How many rows conditions become, and what is left to be asked beside them.</summary>
public class RowCompilerTests
{
    private static readonly RowCompiler Compiler = new(TimeZoneInfo.Utc);

    [Fact]
    public void No_rule_has_more_rows_than_the_bound()
        => Gen.Select(Rules.Rule.Array[1, 6], Gen.Bool).Sample((rules, all) =>
        {
            Condition[] parts = [.. rules.Select(rule => rule.When)];
            Assert.InRange(Compiler.RowsOf(all ? Condition.All(parts) : Condition.Any(parts)).Length, 0, RowCompiler.MostRows);
        }, iter: 2_000);

    [Fact]
    public void A_product_that_is_too_long_keeps_its_longest_factors_as_conditions()
    {
        Condition two = Condition.Any([Port(53), Condition.All([Port(80), new NumberIn(NumberField.Protocol, RangeSet.Of(6))])]);
        Condition forty = Condition.Any(Enumerable.Range(0, 40).Select(i => Condition.All([Port((ulong)i + 1), Octets((ulong)i)])));
        Row[] rows = Compiler.RowsOf(Condition.All([forty, two]));
        Assert.Equal(2, rows.Length);
        Assert.All(rows, row => Assert.Equal([forty], row.Others));
    }

    [Fact]
    public void A_sum_that_is_too_long_is_one_condition()
    {
        Condition many = Condition.Any(Enumerable.Range(0, 100).Select(i => Condition.All([Port((ulong)i + 1), Octets((ulong)i)])));
        Assert.Equal([many], Assert.Single(Compiler.RowsOf(many)).Others);
        Condition none = Condition.Opposite(Condition.All(Enumerable.Range(0, 100).Select(i => Octets((ulong)i))));
        Assert.Equal([none], Assert.Single(Compiler.RowsOf(none)).Others);
    }

    [Fact]
    public void Any_address_is_nothing_to_ask_for_but_where_there_may_be_none()
    {
        Row row = Assert.Single(Compiler.RowsOf(new AddressIn(AddressField.Source, PrefixSet.Any)));
        Assert.Empty(row.Addresses);
        Assert.Empty(row.Others);
        Assert.Empty(Compiler.RowsOf(Condition.Opposite(new AddressIn(AddressField.Source, PrefixSet.Any))));
        Assert.Single(Assert.Single(Compiler.RowsOf(new AddressIn(AddressField.NatSource, PrefixSet.Any))).Others);
    }

    [Fact]
    public void A_vlan_is_in_any_place_or_in_none()
    {
        var vlan = new NumberIn(NumberField.Vlan, RangeSet.Of(7));
        Assert.Equal(4, Compiler.RowsOf(vlan).Length);
        Assert.Equal(4, Assert.Single(Compiler.RowsOf(Condition.Opposite(vlan))).Numbers.Length);
    }

    private static NumberIn Port(ulong port) => new(NumberField.DestinationPort, RangeSet.Of(port));

    private static NumberIn Octets(ulong octets) => new(NumberField.Octets, RangeSet.Of(octets));
}
