using System;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Random rules, each of which the language can say, and records. Values come from small sets, so that they meet.</summary>
internal static class Rules
{
    private static readonly uint[] Instants =
    [
        0, 1, 86399, 1743296399, 1743296400, 1743298200, 1761436799, 1761436800, 1761438600, 1761440400, 1761442200, 1764547200, uint.MaxValue,
    ];

    public static readonly Gen<Address> Address4 = Gen.OneOf(0x0A000001u, 0x0A0000FFu, 0x0A010000u, 0xC0000201u, 0xFFFFFFFFu).Select(Address.FromIPv4);

    public static readonly Gen<Address> Address6
        = Gen.Select(Gen.OneOf(0x20010DB8_00000000ul, 0x20010DB8_00000001ul, 0ul), Gen.OneOf(0ul, 1ul, 0x8000_0000_0000_0000ul, 0xFFFF_0A00_0001ul))
            .Select(Address.FromIPv6);

    private static readonly Gen<Address> AnyAddress = Gen.Frequency((2, Address4), (2, Address6), (1, Gen.Const(default(Address))));

    private static readonly Gen<Prefix> Prefix4 = PrefixOf(Address4, 0, 8, 15, 16, 24, 31, 32);

    private static readonly Gen<Prefix> Prefix6 = PrefixOf(Address6, 0, 32, 63, 64, 65, 96, 127, 128);

    public static readonly Gen<Prefix> SomePrefix = Gen.OneOf(Prefix4, Prefix6);

    private static readonly Gen<LocalTime> Date = Gen.Select(Gen.OneOf(Instants), Gen.Int[-7200, 7200]).Select((instant, shift) =>
    {
        long local = Math.Max(0L, instant + (long)shift);
        DateOnly date = new DateOnly(1970, 1, 1).AddDays((int)(local / 86400));
        return new LocalTime(date, TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(local % 86400)));
    });

    private static readonly Gen<TimeOnly> TimeOfDay
        = Gen.OneOf(Gen.OneOf(0, 3600, 7200, 7199, 86399), Gen.Int[0, 86399]).Select(second => TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(second)));

    public static readonly Gen<FlowRecord> Record = Records.Of(AnyAddress, Gen.OneOf(Gen.OneOf(Instants), Gen.UInt));

    public static readonly Gen<FilterRule> Rule
        = Gen.Select(Conditions.Of(Prefix4, Prefix6, TimeOfDay, Date), Gen.OneOf(FilterAction.Accept, FilterAction.Accept, FilterAction.Discard, FilterAction.Discard, FilterAction.Match), Gen.UInt.Array[0, 3],
            Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))), MaybeText(Conditions.Text.Where(text => text.Length > 0)))
        .Select((when, action, tags, quick, label) => new FilterRule
        {
            Action = action,
            Tags = action == FilterAction.Discard ? [] : tags,
            Quick = quick && action != FilterAction.Match,
            Label = label,
            When = when,
        });

    public static Gen<string?> MaybeText(Gen<string> gen) => Gen.Frequency((1, Gen.Const((string?)null)), (1, gen.Select(value => (string?)value)));

    private static Gen<Prefix> PrefixOf(Gen<Address> address, params byte[] lengths)
        => Gen.Select(address, Gen.OneOf(lengths)).Select(Network);

    // Clears the bits behind the prefix, one at a time: no arithmetic shared with what is tested.
    private static Prefix Network(Address address, byte length)
    {
        ulong high = address.High, low = address.Low;
        for (int bit = length; bit < address.Bits; bit++)
        {
            int fromRight = address.Bits - 1 - bit;
            if (fromRight < 64)
                low &= ~(1ul << fromRight);
            else
                high &= ~(1ul << (fromRight - 64));
        }

        return new Prefix(new Address(address.Family, high, low), length);
    }
}
