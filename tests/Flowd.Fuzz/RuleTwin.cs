using System;
using System.Linq;
using System.Numerics;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Fuzz;

/// <summary>Rules asked of records on the wire, which must say what they say of the same records decoded. The few are walked through, the many looked up.</summary>
internal sealed class RuleTwin
{
    private const int Few = 12;
    private const int Many = 100;

    private static readonly NumberField[] Numbers =
    [
        NumberField.InputInterface, NumberField.OutputInterface, NumberField.SourcePort, NumberField.DestinationPort, NumberField.Protocol, NumberField.TypeOfService,
        NumberField.SourceAs, NumberField.DestinationAs, NumberField.SourceMask, NumberField.DestinationMask, NumberField.Packets, NumberField.Octets, NumberField.Version,
    ];

    private static readonly AddressField[] Addresses = [AddressField.Source, AddressField.Destination, AddressField.Agent, AddressField.NextHop];

    // Each pair the same rules.
    private readonly (FilterProgram OnWire, FilterProgram Decoded)[] _programs = [.. new[] { RulesOf(Few), RulesOf(Many) }.Select(static rules => (Compile(rules), Compile(rules)))];
    private readonly Verdict[] _verdicts = new Verdict[WireTest.MostRecords];

    public void Check(in FlowRecord blank, WireLayout layout, ReadOnlySpan<byte> wire, ReadOnlySpan<FlowRecord> decoded)
    {
        foreach ((FilterProgram program, FilterProgram other) in _programs)
        {
            for (int first = 0; first < decoded.Length; first += WireTest.MostRecords)
            {
                ReadOnlySpan<FlowRecord> some = decoded[first..Math.Min(first + WireTest.MostRecords, decoded.Length)];
                Span<Verdict> verdicts = _verdicts.AsSpan(0, some.Length);
                program.Evaluate(layout, in blank, wire.Slice(first * layout.Length, some.Length * layout.Length), verdicts);
                for (int i = 0; i < some.Length; i++)
                {
                    Verdict right = other.Evaluate(in some[i]);
                    if (verdicts[i] != right)
                        throw new BrokenException($"record {first + i} of a run: {verdicts[i]} on the wire, {right} decoded");
                }
            }

            CompareCounters(program, other);
        }
    }

    // Which say of each rule, and not of the deciding ones alone, how often it matched.
    private static void CompareCounters(FilterProgram program, FilterProgram other)
    {
        for (int rule = 0; rule < program.Rules.Count; rule++)
        {
            if (program.CountersOf(rule) != other.CountersOf(rule))
                throw new BrokenException($"rule {rule}: {program.CountersOf(rule)} on the wire, {other.CountersOf(rule)} decoded: {RulePrinter.Print(program.Rules[rule])}");
        }
    }

    private static FilterProgram Compile(FilterRule[] rules)
    {
        FilterProgram program = FilterProgram.Compile(rules, TimeZoneInfo.Utc);
        return program.SuitsRuns ? program : throw new InvalidOperationException("rules that ask for more than records on the wire have");
    }

    private static FilterRule[] RulesOf(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(1, count).Select(i => new FilterRule
        {
            Action = (FilterAction)random.Next(3),
            Tags = random.Next(2) == 0 ? [(uint)i] : [],
            When = Condition.All(Enumerable.Range(0, 1 + random.Next(2)).Select(_ => random.Next(4) == 0 ? Condition.Opposite(Any(random)) : Any(random))),
        }).Select(static rule => rule.Action == FilterAction.Discard ? rule with { Tags = [] } : rule)];
    }

    private static Condition Simple(Random random) => random.Next(8) switch
    {
        < 3 => SomeNumber(Numbers[random.Next(6)], random),
        < 6 => new AddressIn(Addresses[random.Next(3)], PrefixSet.Of(SomeNetwork(random))),
        6 => new FamilyIs(random.Next(2) == 0 ? AddressFamily.IPv4 : AddressFamily.IPv6),
        _ => new FlagsIn((byte)random.Next(1, 256), RangeSet.Between(0, (ulong)random.Next(256))),
    };

    private static Condition Any(Random random) => random.Next(4) switch
    {
        0 => Simple(random),
        1 => new AddressIn(Addresses[random.Next(Addresses.Length)], PrefixSet.Of(SomeNetwork(random), SomeNetwork(random), SomeNetwork(random))),
        2 => Condition.Any([Simple(random), Simple(random)]),
        _ => SomeNumber(Numbers[random.Next(Numbers.Length)], random),
    };

    // Numbers of any length, so that many are within and many are not.
    private static NumberIn SomeNumber(NumberField field, Random random)
    {
        NumberFieldInfo info = NumberFields.Of(field);
        ulong most = Math.Max(info.Least, info.Most >> random.Next(64 - BitOperations.LeadingZeroCount(info.Most)));
        return new NumberIn(field, RangeSet.Between(random.Next(2) == 0 ? info.Least : Math.Max(info.Least, most >> 1), most));
    }

    private static Prefix SomeNetwork(Random random)
    {
        int length = random.Next(1, 3);
        ulong bits = (ulong)random.NextInt64() << 1 & ~(ulong.MaxValue >> length);
        return random.Next(3) == 0 ? new Prefix(new Address(AddressFamily.IPv6, bits, 0), (byte)length) : new Prefix(Address.FromIPv4((uint)(bits >> 32)), (byte)length);
    }
}
