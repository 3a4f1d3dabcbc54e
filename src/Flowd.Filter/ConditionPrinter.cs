using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>A condition as clauses of a rule, which parse to the same condition.</summary>
internal static class ConditionPrinter
{
    /// <summary>
    /// A clause, <c>src</c> <c>port 80</c>. Key: what of it may not stand twice beside each other. IsPart: behind a clause with the same head it does without.
    /// </summary>
    private readonly record struct Clause(string Key, string Head, string Rest, bool IsPart = false)
    {
        public string Text => Join(Head, Rest);
    }

    private static readonly (DaySet Day, string Name)[] DayNames =
    [
        (DaySet.Sunday, "sun"),
        (DaySet.Monday, "mon"),
        (DaySet.Tuesday, "tue"),
        (DaySet.Wednesday, "wed"),
        (DaySet.Thursday, "thu"),
        (DaySet.Friday, "fri"),
        (DaySet.Saturday, "sat"),
    ];

    public static string Print(Condition condition) => condition switch
    {
        AnyOf any => string.Join(" or ", any.Parts.Select(Print)),
        AllOf all => Print(all.Parts),
        _ => Print([condition]),
    };

    // One beside the other. What would stand twice, and groups, stand in parentheses.
    private static string Print(IReadOnlyList<Condition> parts)
    {
        var text = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string head = "";
        foreach (Condition part in parts)
        {
            string separator = text.Length > 0 ? " " : "";
            if (ClauseOf(part) is { } clause && (seen.Add(clause.Key) || MayRepeat(part)))
            {
                bool isJoined = clause.IsPart && clause.Head == head;
                text.Append(separator).Append(IsTaken(head, clause.Head) ? "and " : "").Append(isJoined ? clause.Rest : clause.Text);
                head = clause.Head;
            }
            else
            {
                text.Append(separator).Append(part is Not not && ClauseOf(part) is null ? $"not ( {Print(not.Part)} )" : $"( {Print(part)} )");
                head = "";
            }
        }

        return text.ToString();
    }

    // "nat src A dst B" is about the translated destination.
    private static bool IsTaken(string before, string head) => before == AddressFields.WordsOf(AddressField.NatSource) && head == AddressFields.WordsOf(AddressField.Destination);

    // Amounts have two ends, and elements are many.
    private static bool MayRepeat(Condition part) => part switch
    {
        Not not => MayRepeat(not.Part),
        NumberIn number => NumberFields.Of(number.Field).MayRepeat,
        _ => part is ElementIn or ElementAddressIn or ElementIs,
    };

    // Null for what is no single clause.
    private static Clause? ClauseOf(Condition condition) => condition switch
    {
        Not { Part: DayIn or TimeIn or DateIn or AllOf or AnyOf or AddressIn { Prefixes.IsAny: true } } or AllOf or AnyOf => null,
        Not not => ClauseOf(not.Part, "! "),
        _ => ClauseOf(condition, ""),
    };

    private static Clause ClauseOf(Condition condition, string not)
    {
        switch (condition)
        {
            case NumberIn number:
                NumberFieldInfo field = NumberFields.Of(number.Field);
                return new Clause(field.Words, field.Head, Join(field.Tail, not + RangeText.Of(number.Numbers, field)), IsPart: field.Tail.Length > 0);
            case AddressIn address:
                string words = AddressFields.WordsOf(address.Field);
                return new Clause(words, words, not + PrefixSetText.Of(address.Prefixes, address.Table));
            case FamilyIs family:
                return new Clause("inet", "", not + (family.Family == AddressFamily.IPv4 ? "inet" : "inet6"));
            case FlagsIn flags:
                string mask = flags.Mask == FlagsIn.AllFlags ? "" : "mask " + NumberFields.Octet(flags.Mask);
                return new Clause("tcp_flags", "tcp_flags", Join(mask, $"{not}equals {RangeText.Of(flags.Numbers, NumberFields.Flags)}"));
            case DayIn days:
                return new Clause("days", "days", string.Join(',', DayNames.Where(row => (days.Days & row.Day) != 0).Select(row => row.Name)));
            case TimeIn time:
                return new Clause("time", "", Window("", TimeOfDay(time.After), TimeOfDay(time.Before)));
            case DateIn date:
                return new Clause("date", "", Window("date ", date.After?.ToString(), date.Before?.ToString()));
            default:
                return new Clause("ie", "ie", not + RangeText.Of(condition));
        }
    }

    private static string? TimeOfDay(TimeOnly? time) => time?.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Window(string unit, string? after, string? before)
        => Join(after is null ? "" : $"after {unit}{after}", before is null ? "" : $"before {unit}{before}");

    private static string Join(string one, string other) => one.Length == 0 ? other : other.Length == 0 ? one : one + " " + other;
}
