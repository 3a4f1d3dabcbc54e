using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter.Index;

/// <summary>
/// Turns a condition into rows of which one must hold: its disjunctive normal form. Where that would be long, a part of the condition stays as it is, and is
/// asked of the records that the rest leaves.
/// </summary>
internal sealed class RowCompiler(TimeZoneInfo zone)
{
    /// <summary>What a rule may have; or a part of one.</summary>
    public const int MostRows = 64;

    private const ulong LastSecondOfDay = 86_399;

    /// <summary>None if no record meets the condition.</summary>
    public Row[] RowsOf(Condition condition) => RowsOf(condition, negated: false);

    private Row[] RowsOf(Condition condition, bool negated) => condition switch
    {
        Not not => RowsOf(not.Part, !negated),
        AllOf all => negated ? AnyOf(condition, all.Parts, negated) : AllOf(all.Parts, negated),
        AnyOf any => negated ? AllOf(any.Parts, negated) : AnyOf(condition, any.Parts, negated),
        NumberIn number => RowsOf(number, negated),
        AddressIn address => RowsOf(address, negated),
        FamilyIs family => One(RecordNumberKind.Families, Octets(bits => (bits & RecordNumber.FamilyBit(family.Family)) != 0), negated),
        FlagsIn flags => One(RecordNumberKind.TcpFlags, Octets(octet => flags.Numbers.Contains(octet & flags.Mask)), negated),
        DayIn days => One(RecordNumberKind.Day, Octets(bit => (bit & (ulong)days.Days) != 0), negated),
        TimeIn time => One(RecordNumberKind.SecondOfDay, SecondsOf(time), negated),
        DateIn date => One(RecordNumberKind.ReceivedSeconds, LocalClock.InstantsOf(zone, date), negated),
        _ => Other(condition, negated),
    };

    // Those with few rows come first, so that it is the longest that stay as they are.
    private Row[] AllOf(IReadOnlyList<Condition> parts, bool negated)
    {
        Row[] rows = [Row.All];
        foreach ((Condition part, Row[] more) in parts.Select(part => (Part: part, Rows: RowsOf(part, negated))).OrderBy(static factor => factor.Rows.Length))
        {
            Row[] factor = rows.Length * more.Length <= MostRows ? more : Other(part, negated);
            rows = [.. rows.SelectMany(row => factor.Select(row.And))];
        }

        return rows;
    }

    private Row[] AnyOf(Condition condition, IReadOnlyList<Condition> parts, bool negated)
    {
        Row[] rows = [.. parts.SelectMany(part => RowsOf(part, negated))];
        return rows.Length <= MostRows ? rows : Other(condition, negated);
    }

    // Of a field with several places it must be one of them; or none.
    private static Row[] RowsOf(NumberIn number, bool negated)
    {
        if (number.Field == NumberField.MplsLabel)
            return Other(number, negated);
        NumberLeaf[] leaves = [.. Enumerable.Range(0, FlowNumbers.PlacesOf(number.Field)).Select(place
            => new NumberLeaf(new RecordNumber(RecordNumberKind.OfField, number.Field, (byte)place), number.Numbers, negated))];
        return negated ? [Row.Of(leaves)] : [.. leaves.Select(static leaf => Row.Of(leaf))];
    }

    private static Row[] RowsOf(AddressIn address, bool negated)
    {
        if (!address.Prefixes.IsAny)
            return [Row.Of(new AddressLeaf(address.Field, address.Prefixes, negated))];
        if (!ConditionEvaluator.IsAlwaysThere(address.Field))
            return Other(address, negated);
        return negated ? [] : [Row.All];
    }

    private static Row[] One(RecordNumberKind kind, RangeSet set, bool negated) => [Row.Of(new NumberLeaf(new RecordNumber(kind), set, negated))];

    private static Row[] Other(Condition condition, bool negated) => [Row.Of(negated ? Condition.Opposite(condition) : condition)];

    private static RangeSet SecondsOf(TimeIn time)
    {
        ulong after = time.After is { } from ? (ulong)LocalTime.SecondOfDay(from) : 0;
        ulong before = time.Before is { } to ? (ulong)LocalTime.SecondOfDay(to) : LastSecondOfDay;
        return time.IsOverMidnight ? new RangeSet([new(0, before), new(after, LastSecondOfDay)]) : RangeSet.Between(after, before);
    }

    private static RangeSet Octets(Func<ulong, bool> isIn)
        => RangeSet.Of([.. Enumerable.Range(0, byte.MaxValue + 1).Select(static octet => (ulong)octet).Where(isIn)]);
}
