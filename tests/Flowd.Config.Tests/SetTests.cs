using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Sets of numbers and of addresses against lists that are looked through.</summary>
public class SetTests
{
    // Close to both ends and to each other, so that ranges touch, overlap and nest.
    private static readonly Gen<ulong> Number = Gen.OneOf(Gen.ULong[0, 12], Gen.ULong[ulong.MaxValue - 4, ulong.MaxValue]);

    // 4 of the bits are any, at either end of the address.
    private static readonly Gen<(Prefix Prefix, bool Negated)> Entry4 = Gen.Select(Gen.UInt[0, 15], Gen.Bool, Gen.OneOf<byte>(0, 1, 2, 3, 4, 28, 29, 30, 31, 32), Gen.Bool).Select((bits, high, length, negated)
        => (Network(Address.FromIPv4(high ? bits << 28 : bits), length), negated));

    private static readonly Gen<(Prefix Prefix, bool Negated)> Entry6 = Gen.Select(Gen.ULong[0, 15], Gen.Bool, Gen.OneOf<byte>(0, 1, 3, 4, 124, 125, 127, 128), Gen.Bool).Select((bits, high, length, negated)
        => (Network(high ? Address.FromIPv6(bits << 60, 0) : Address.FromIPv6(0, bits), length), negated));

    private static readonly Address[] Probes =
    [
        default,
        .. Enumerable.Range(0, 16).SelectMany(i => new[] { Address.FromIPv4((uint)i << 28), Address.FromIPv4((uint)i), Address.FromIPv4((uint)i << 28 | 0xFFF_FFFF) }),
        .. Enumerable.Range(0, 16).SelectMany(i => new[] { Address.FromIPv6((ulong)i << 60, 0), Address.FromIPv6(0, (ulong)i), Address.FromIPv6((ulong)i << 60 | 0xFFF_FFFF_FFFF_FFFF, ulong.MaxValue) }),
    ];

    [Fact]
    public void Ranges_have_what_was_put_in()
        => Gen.Select(Number, Number).Array[0, 6].Sample(pairs =>
        {
            var set = new RangeSet(pairs.Select(pair => new NumberRange(pair.Item1, pair.Item2)));
            foreach (ulong number in Enumerable.Range(0, 14).Select(i => (ulong)i).Concat(Enumerable.Range(0, 6).Select(i => ulong.MaxValue - (ulong)i)))
                Assert.Equal(pairs.Any(pair => number >= pair.Item1 && number <= pair.Item2), set.Contains(number));
            for (int i = 1; i < set.Ranges.Count; i++)
                Assert.True(set.Ranges[i].Low > set.Ranges[i - 1].High + 1);
            Assert.Equal(set, new RangeSet(set.Ranges.Reverse()));
        });

    [Fact]
    public void Of_prefixes_the_longest_decides()
        => Gen.Frequency((3, Entry4), (2, Entry6)).Array[0, 8].Sample(entries =>
        {
            PrefixSet set = Build(entries);
            Assert.All(Probes, address => Assert.Equal(Contains(entries, address), set.Contains(in address)));
        }, iter: 2_000);

    [Fact]
    public void The_fewest_prefixes_are_the_same_set()
        => Gen.Frequency((3, Entry4), (2, Entry6)).Array[0, 8].Sample(entries =>
        {
            PrefixSet set = Build(entries);
            Prefix[] prefixes = [.. set.Prefixes()];
            Assert.All(prefixes, prefix => Assert.True(prefix.HasNoHostBits));
            Assert.Equal(set, PrefixSet.Of(prefixes));
            Assert.Equal(set.IsEmpty, prefixes.Length == 0);
            Assert.All(prefixes, prefix => Assert.False(prefix.Length > 0 && prefixes.Contains(Sibling(prefix)))); // else one would do for both
        }, iter: 2_000);

    [Fact]
    public void Any_has_even_what_is_no_address()
    {
        Address none = default;
        Assert.True(PrefixSet.Any.Contains(in none));
        Assert.False(Build([(new Prefix(Address.FromIPv4(0), 0), false), (new Prefix(Address.FromIPv6(0, 0), 0), false)]).Contains(in none));
        Assert.NotEqual(PrefixSet.Any, PrefixSet.Of());
    }

    private static PrefixSet Build((Prefix Prefix, bool Negated)[] entries)
    {
        var builder = new PrefixSetBuilder();
        foreach ((Prefix prefix, bool negated) in entries)
            builder.Add(prefix, negated);
        return builder.Build();
    }

    private static bool Contains(IEnumerable<(Prefix Prefix, bool Negated)> entries, Address address)
    {
        (Prefix Prefix, bool Negated)[] holding = [.. entries.Where(entry => entry.Prefix.Contains(in address)).OrderBy(entry => entry.Prefix.Length).ThenBy(entry => entry.Negated)];
        return holding.Length > 0 && !holding[^1].Negated;
    }

    private static Prefix Sibling(Prefix prefix)
    {
        int bit = prefix.Address.Bits - prefix.Length;
        return prefix with { Address = bit < 64 ? prefix.Address with { Low = prefix.Address.Low ^ 1ul << bit } : prefix.Address with { High = prefix.Address.High ^ 1ul << (bit - 64) } };
    }

    private static Prefix Network(Address address, byte length)
    {
        while (!new Prefix(address, length).HasNoHostBits)
            address = address.Low != 0 ? address with { Low = address.Low & (address.Low - 1) } : address with { High = address.High & (address.High - 1) };
        return new Prefix(address, length);
    }
}
