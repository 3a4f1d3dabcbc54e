using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Large sets of prefixes, and where their ranges begin and end.</summary>
public class PrefixSetTests
{
    [Fact]
    public void A_hundred_thousand_prefixes_in_any_order()
    {
        var random = new Random(5);
        HashSet<uint> networks = [.. Enumerable.Range(0, 100_000).Select(_ => (uint)random.NextInt64(1L << 32) & ~0xFFu)];
        PrefixSet set = PrefixSet.Of([.. networks.Select(network => new Prefix(Address.FromIPv4(network), 24))]);
        for (int i = 0; i < 200_000; i++)
        {
            uint address = (uint)random.NextInt64(1L << 32);
            Assert.Equal(networks.Contains(address & ~0xFFu), set.Contains(Address.FromIPv4(address)));
        }

        Assert.All(networks, network => Assert.True(set.Contains(Address.FromIPv4(network | 0xFF))));
    }

    [Theory]
    [InlineData(0x0A000000u, 8, 0x0A000000ul, 0x0B000000ul)]
    [InlineData(0u, 0, 0ul, null)]
    [InlineData(uint.MaxValue, 32, 0xFFFFFFFFul, null)]
    public void Edges_are_where_it_begins_and_where_it_ceases(uint address, byte length, ulong begin, ulong? end)
    {
        PrefixSet set = PrefixSet.Of(new Prefix(Address.FromIPv4(address), length));
        Assert.Equal(end is { } place ? [begin, place] : [begin], set.Edges4);
        Assert.Empty(set.Edges6);
    }

    [Fact]
    public void The_last_address_of_all_has_no_end()
    {
        Assert.Equal([UInt128.MaxValue], PrefixSet.Of(new Prefix(Address.FromIPv6(ulong.MaxValue, ulong.MaxValue), 128)).Edges6);
        Assert.Equal([5, 6, ulong.MaxValue], RangeSet.Of(5, ulong.MaxValue).Edges);
    }
}
