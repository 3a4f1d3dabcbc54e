using System;
using System.Linq;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Bench;

/// <summary>Tables of prefixes as a routing table has them: six of ten are /28, or /48 in few parts of what is assigned; one of 20 takes out of a larger one.</summary>
internal static class Tables
{
    private static readonly ulong[] Regions = [0x2001_0000_0000_0000, 0x2400_0000_0000_0000, 0x2600_0000_0000_0000, 0x2800_0000_0000_0000, 0x2A00_0000_0000_0000, 0x2A10_0000_0000_0000];

    public static ((Prefix Prefix, bool Negated)[] Prefixes, Address[] Asked) Of(AddressFamily family, int count, int asked)
    {
        var random = new Random(11);
        (Prefix Prefix, bool Negated)[] prefixes = [.. Enumerable.Range(0, count).Select(i => (PrefixOf(family, random), i % 20 == 0))];
        Address[] addresses = [.. Enumerable.Range(0, asked).Select(i => i % 2 == 0 ? PrefixOf(family, random).Address : prefixes[random.Next(count)].Prefix.Address)];
        return (prefixes, addresses);
    }

    public static PrefixSet Built((Prefix Prefix, bool Negated)[] prefixes)
    {
        var builder = new PrefixSetBuilder();
        foreach ((Prefix prefix, bool negated) in prefixes)
            builder.Add(prefix, negated);
        return builder.Build();
    }

    private static Prefix PrefixOf(AddressFamily family, Random random)
    {
        bool isFour = family == AddressFamily.IPv4;
        int length = random.Next(10) < 6 ? (isFour ? 28 : 48) : isFour ? random.Next(22, 33) : random.Next(29, 49);
        if (isFour)
            return new Prefix(Address.FromIPv4((uint)random.NextInt64(0x01000000, 0xDF000000) >> (32 - length) << (32 - length)), (byte)length);
        ulong high = Regions[random.Next(Regions.Length)] | (ulong)random.NextInt64(1L << 52);
        return new Prefix(Address.FromIPv6(high >> (64 - length) << (64 - length), 0), (byte)length);
    }
}
