using System;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Random conditions that the language can say. Half of them are clauses beside each other, as most rules are; the others are any tree.</summary>
internal static class Conditions
{
    private static readonly ulong[] Numbers = [0, 1, 2, 3, 17, 53, 80, 100, 128, 255, 443, 1000, 1500, 4095, 65535, 70000, 1_000_000, uint.MaxValue, 1ul << 47, ulong.MaxValue];

    /// <summary>A text without quotes of both kinds.</summary>
    public static readonly Gen<string> Text = Gen.Char["/aB0 \t%$#'\\!=-é,{}()<>"].Array[0, 8].Select(text => new string(text));

    private static readonly Gen<Condition> Number
        = Gen.Select(Gen.Enum<NumberField>(), Gen.OneOf(Numbers), Gen.OneOf(Numbers), Gen.OneOf(Numbers).Array[0, 4], Gen.Int[0, 4]).Select((field, one, other, more, kind) =>
        {
            NumberFieldInfo info = NumberFields.Of(field);
            ulong Within(ulong number) => Math.Clamp(number, info.Least, info.Most);
            RangeSet numbers = kind switch
            {
                0 => RangeSet.Between(Within(Math.Min(one, other)), Within(Math.Max(one, other))),
                1 => RangeSet.Between(Within(one), info.Most),
                2 => new RangeSet([.. more.Append(one).Select(number => new NumberRange(Within(number), Within(number))), new NumberRange(Within(other), Within(other))]),
                _ => RangeSet.Of(Within(one)),
            };
            return (Condition)new NumberIn(field, numbers);
        });

    private static readonly Gen<Condition> Element = Gen.OneOf(
        Gen.OneOf(Numbers).Select(number => (Condition)new ElementIn(0, 192, RangeSet.Of(number, 64))),
        Gen.OneOf(Numbers).Select(number => (Condition)new ElementIn(9, 12235, RangeSet.Between(number / 2, number))),
        Text.Select(text => (Condition)new ElementIs(0, 371, text)),
        Gen.Const((Condition)new ElementAddressIn(0, 211, PrefixSet.Of(new Prefix(Address.FromIPv4(0xC0000200), 24)))));

    private static readonly Gen<Condition> Flags = Gen.Select(Gen.OneOf<byte>(2, 0x12, 0xFF), Gen.OneOf<ulong>(0, 2, 0x10, 0x12, 0xFF), Gen.Bool)
        .Select((mask, flags, isRange) => (Condition)new FlagsIn(mask, isRange ? RangeSet.Between(0, flags) : RangeSet.Of(flags, 2)));

    private static readonly Gen<Condition> Days = Gen.Byte[1, 127].Select(days => (Condition)new DayIn((DaySet)days));

    public static Gen<Condition> Of(Gen<Prefix> prefix4, Gen<Prefix> prefix6, Gen<TimeOnly> time, Gen<LocalTime> date)
        => Gen.OneOf(OfFamily(prefix4, AddressFamily.IPv4, time, date), OfFamily(prefix6, AddressFamily.IPv6, time, date)).Select(Sensible);

    // Addresses of one rule are of one family.
    private static Gen<Condition> OfFamily(Gen<Prefix> prefix, AddressFamily family, Gen<TimeOnly> time, Gen<LocalTime> date)
    {
        Gen<Condition> leaf = Gen.Frequency(
            (6, SomeAddress(prefix)),
            (6, Number),
            (1, Gen.Const((Condition)new FamilyIs(family))),
            (1, Flags),
            (1, Element),
            (1, Days),
            (1, Window(time)),
            (1, Window(date)));
        Gen<Condition> clause = Gen.Select(leaf, Gen.Int[0, 3]).Select((part, i) => i == 0 && part is not AddressIn { Prefixes.IsAny: true } ? Condition.Opposite(part) : part);
        return Gen.OneOf(clause.Array[0, 4].Select(Condition.All), Tree(leaf, 3));
    }

    private static Gen<Condition> Tree(Gen<Condition> leaf, int depth)
    {
        if (depth == 0)
            return leaf;
        Gen<Condition> part = Tree(leaf, depth - 1);
        return Gen.Frequency((2, leaf), (2, part.Array[2, 3].Select(Condition.All)), (2, part.Array[2, 3].Select(Condition.Any)), (1, part.Select(Condition.Opposite)));
    }

    private static Gen<Condition> SomeAddress(Gen<Prefix> prefix)
        => Gen.Select(Gen.Enum<AddressField>(), prefix.Array[1, 3], Gen.Int[0, 5]).Select((field, prefixes, any) =>
        {
            bool mayBeAny = field is not (AddressField.Agent or AddressField.NextHop or AddressField.BgpNextHop);
            return (Condition)new AddressIn(field, any == 0 && mayBeAny ? PrefixSet.Any : PrefixSet.Of(prefixes));
        });

    private static Gen<Condition> Window(Gen<TimeOnly> time) => Gen.Select(time, time, Gen.Int[0, 3]).Select((after, before, kind)
        => (Condition)(kind == 0 || after == before ? new TimeIn(after, null) : kind == 1 ? new TimeIn(null, before) : new TimeIn(after, before)));

    private static Gen<Condition> Window(Gen<LocalTime> date) => Gen.Select(date, date, Gen.Int[0, 3]).Select((after, before, kind)
        => (Condition)(kind == 0 || after >= before ? new DateIn(after, null) : kind == 1 ? new DateIn(null, before) : new DateIn(after, before)));

    // Ports and flags need a protocol.
    private static Condition Sensible(Condition condition)
    {
        bool hasFlags = condition.Tree().Any(part => part is FlagsIn);
        bool hasPorts = condition.Tree().Any(part => part is NumberIn { Field: NumberField.SourcePort or NumberField.DestinationPort });
        return hasFlags || hasPorts ? Condition.All([new NumberIn(NumberField.Protocol, RangeSet.Of(hasFlags ? 6ul : 17ul)), condition]) : condition;
    }
}
