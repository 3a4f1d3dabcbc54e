using System;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Random programs of few rules and of hundreds, some of which look into tables; and what they are asked.</summary>
internal static class Programs
{
    private static readonly (string Name, PrefixSet Prefixes)[] Tables =
    [
        ("none", PrefixSet.Of()),
        ("hosts", PrefixSet.Of([.. Enumerable.Range(0, 200).Select(i => new Prefix(Address.FromIPv4(0x0A000001 + 2 * (uint)i), 32))])),
        ("both", PrefixSet.Of(new Prefix(Address.FromIPv4(0xC0000200), 24), new Prefix(Address.FromIPv6(0x20010DB8_00000000, 0), 64), new Prefix(Address.FromIPv6(0, 0), 96))),
    ];

    private static readonly Gen<Condition> InTable = Gen.Select(Gen.Enum<AddressField>(), Gen.OneOf(Tables), Gen.Bool).Select((field, table, isIn) =>
    {
        var condition = new AddressIn(field, table.Prefixes, table.Name);
        return isIn ? condition : Condition.Opposite(condition);
    });

    // Of many rules few are quick, so that the others are reached.
    public static readonly Gen<FilterRule[]> Any = Gen.Frequency((3, Gen.Int[0, 20]), (2, Gen.Int[21, 80]), (1, Gen.Int[81, 300])).SelectMany(count
        => Gen.Select(Rules.Rule, Gen.Int[0, 5], InTable, Gen.Int[0, count]).Select((rule, kind, table, quick) => rule with
        {
            Quick = rule.Quick && quick < 8,
            When = kind == 0 ? Condition.All([rule.When, table]) : kind == 1 ? Condition.Any([rule.When, table]) : rule.When,
        }).Array[count]);

    /// <summary>Up to three elements without a place of their own: of those that random rules ask for.</summary>
    public static readonly Gen<byte[]> Elements = Gen.OneOf(
            Element(0, 192, [1]), Element(0, 192, [0, 64]), Element(9, 12235, [0, 0, 5, 220]), Element(0, 371, [(byte)'/', (byte)'a', 0]), Element(0, 211, [192, 0, 2, 9]))
        .Array[0, 3].Select(elements => elements.SelectMany(octets => octets).ToArray());

    private static Gen<byte[]> Element(uint enterprise, ushort id, byte[] value)
    {
        var octets = new byte[64];
        int length = OtherElements.Write(octets, enterprise, id, value);
        return Gen.Const(octets[..length]);
    }
}
