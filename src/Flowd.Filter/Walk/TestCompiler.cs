using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter.Walk;

/// <summary>
/// Turns rules into tests, all rules' tests one behind the other. What a rule asks for in plain words, one number or range, one network, becomes a flat
/// test; the rest of its conditions are left as they are.
/// </summary>
internal sealed class TestCompiler(TimeZoneInfo zone)
{
    private const long LastSecondOfDay = 86_399;

    public List<NumberTest> Numbers { get; } = [];

    public List<AddressTest> Addresses { get; } = [];

    public List<Condition> Others { get; } = [];

    public WalkedRule Add(FilterRule rule)
    {
        int firstNumber = Numbers.Count;
        int firstAddress = Addresses.Count;
        int firstOther = Others.Count;
        foreach (Condition part in rule.When is AllOf all ? all.Parts : [rule.When])
        {
            if (!(part is Not not ? TryAdd(not.Part, negated: true) : TryAdd(part, negated: false)))
                Others.Add(part);
        }

        return new WalkedRule(firstNumber, Numbers.Count, firstAddress, Addresses.Count, firstOther, Others.Count, rule.EndsEvaluation);
    }

    private bool TryAdd(Condition condition, bool negated) => condition switch
    {
        AddressIn { Table: null } address => TryAdd(address, negated),
        NumberIn { Numbers.Ranges: [var range] } number when FieldOf(number.Field) is { } field => Add(new NumberTest(field, negated, NumberTest.AllBits, (long)range.Low, (long)range.High)),
        FlagsIn { Numbers.Ranges: [var range] } flags => Add(new NumberTest(RecordField.TcpFlags, negated, flags.Mask, (long)range.Low, (long)range.High)),
        FamilyIs family => Add(NumberTest.Any(RecordField.Families, NumberTest.FamilyBit(family.Family), negated)),
        DayIn days => Add(NumberTest.Any(RecordField.Day, (long)days.Days, negated)),
        TimeIn time => Add(TestOf(time, negated)),
        DateIn date => Add(TestOf(date, negated)),
        _ => false,
    };

    private bool TryAdd(AddressIn address, bool negated)
    {
        if (address.Field is not (AddressField.Agent or AddressField.Source or AddressField.Destination) || address.Prefixes.Prefixes().Take(2).ToArray() is not [var network])
            return false;
        if (!network.IsAny || negated)
            Addresses.Add(new AddressTest(address.Field, negated, network));
        return true;
    }

    private bool Add(in NumberTest test)
    {
        Numbers.Add(test);
        return true;
    }

    // What goes over midnight is not in the gap between its ends.
    private static NumberTest TestOf(TimeIn time, bool negated)
    {
        long after = time.After is { } from ? LocalTime.SecondOfDay(from) : 0;
        long before = time.Before is { } to ? LocalTime.SecondOfDay(to) : LastSecondOfDay;
        return time.IsOverMidnight
            ? new NumberTest(RecordField.SecondOfDay, !negated, NumberTest.AllBits, before + 1, after - 1)
            : new NumberTest(RecordField.SecondOfDay, negated, NumberTest.AllBits, after, before);
    }

    private NumberTest TestOf(DateIn date, bool negated)
    {
        long first = date.After is { } after ? LocalClock.ToInstant(zone, after) + 1 : long.MinValue;
        long last = date.Before is { } before ? LocalClock.ToInstant(zone, before) - 1 : long.MaxValue;
        return new NumberTest(RecordField.ReceivedSeconds, negated, NumberTest.AllBits, first, last);
    }

    // Null for what is not simply there in every record.
    private static RecordField? FieldOf(NumberField field) => field switch
    {
        NumberField.InputInterface => RecordField.InputInterface,
        NumberField.OutputInterface => RecordField.OutputInterface,
        NumberField.SourcePort => RecordField.SourcePort,
        NumberField.DestinationPort => RecordField.DestinationPort,
        NumberField.Protocol => RecordField.Protocol,
        NumberField.TypeOfService => RecordField.TypeOfService,
        _ => null,
    };
}
