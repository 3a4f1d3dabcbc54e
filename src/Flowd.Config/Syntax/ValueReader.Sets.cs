using System;
using System.Collections.Generic;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    /// <summary>A number, a range 8000-8099, a comparison &gt; 1023, or a list of those in braces.</summary>
    public RangeSet ReadRanges(NumberForm form)
    {
        Token start = tokens.Current;
        if (tokens.AcceptPunctuation("=") && tokens.Current.Kind == TokenKind.Punctuation && !tokens.Current.Is(TokenKind.Punctuation, "{"))
            tokens.Fail("a number");
        var ranges = new List<NumberRange>();
        ReadList(() => ranges.Add(ReadRange(form)));
        var set = new RangeSet(ranges);
        if (set.IsEmpty && !tokens.StatementHasErrors)
            tokens.Report(start, $"there is no such number: {form.What} is {form.Least} to {form.Most}");
        return set;
    }

    /// <summary>
    /// A prefix, a table, a list of those in braces, or "any"; behind "!" what is in none of them. Of the prefixes of a list, some of which have a "!" of
    /// their own, the longest that holds an address decides.
    /// </summary>
    public Condition ReadAddresses(bool allowsAny, Func<PrefixSet, string?, Condition> make)
    {
        bool negated = tokens.AcceptPunctuation("!");
        Token start = tokens.Current;
        if (allowsAny && tokens.AcceptKeyword("any"))
        {
            if (negated && !tokens.StatementHasErrors)
                tokens.Report(start, "\"! any\" matches nothing");
            return make(PrefixSet.Any, null);
        }

        Condition condition = ReadAddressList(make);
        return negated ? Condition.Opposite(condition) : condition;
    }

    /// <summary>What stands in braces, over as many lines as it likes, or a single item without them. Commas are not needed.</summary>
    public void ReadList(Action readItem)
    {
        if (!tokens.AcceptPunctuation("{"))
        {
            readItem();
            return;
        }

        tokens.SkipLineEnds();
        do
        {
            readItem();
            tokens.SkipLineEnds();
            if (tokens.AcceptPunctuation(","))
                tokens.SkipLineEnds();
        }
        while (!tokens.HasFailed && !tokens.AcceptPunctuation("}"));
    }

    /// <summary>The prefixes of a table, in braces; there may be none.</summary>
    public PrefixSet ReadTableEntries()
    {
        var builder = new PrefixSetBuilder();
        if (!tokens.Current.Is(TokenKind.Punctuation, "{"))
            tokens.Fail("\"{\" or \"file\"");
        else
            ReadList(() => ReadEntryOrNone(builder));
        return builder.Build();
    }

    private NumberRange ReadRange(NumberForm form)
    {
        bool isLess = tokens.AcceptPunctuation("<");
        bool isGreater = !isLess && tokens.AcceptPunctuation(">");
        bool isEqual = (isLess || isGreater) && tokens.AcceptPunctuation("=");
        Token start = tokens.Current;
        NumberRange number = form.Read(this, form);
        if (isLess)
            return isEqual ? new NumberRange(form.Least, number.High) : Below(form, number.Low);
        if (isGreater)
            return isEqual ? new NumberRange(number.Low, form.Most) : Above(form, number.High);
        if (!tokens.AcceptPunctuation("-"))
            return number;
        NumberRange end = form.Read(this, form);
        if (end.High < number.Low && !tokens.StatementHasErrors)
            tokens.Report(start, "the range ends before it begins");
        return new NumberRange(number.Low, end.High);
    }

    private static NumberRange Below(NumberForm form, ulong number) => number == 0 ? new NumberRange(1, 0) : new NumberRange(form.Least, number - 1);

    private static NumberRange Above(NumberForm form, ulong number) => number == ulong.MaxValue ? new NumberRange(1, 0) : new NumberRange(number + 1, form.Most);

    private Condition ReadAddressList(Func<PrefixSet, string?, Condition> make)
    {
        Token start = tokens.Current;
        var alternatives = new List<Condition>();
        var builder = new PrefixSetBuilder();
        bool isList = start.Is(TokenKind.Punctuation, "{");
        ReadList(() =>
        {
            if (tokens.AcceptPunctuation("<"))
                alternatives.Add(ReadTable(make));
            else
                ReadEntry(builder, isList);
        });
        PrefixSet prefixes = builder.Build();
        if (prefixes.IsEmpty && alternatives.Count == 0 && !tokens.StatementHasErrors)
            tokens.Report(start, "there is no address in the list");
        if (!prefixes.IsEmpty || alternatives.Count == 0)
            alternatives.Add(make(prefixes, null));
        return Condition.Any(alternatives);
    }

    private void ReadEntry(PrefixSetBuilder builder, bool mayBeNegated)
    {
        bool negated = mayBeNegated && tokens.AcceptPunctuation("!");
        builder.Add(ReadPrefix(), negated);
    }

    private void ReadEntryOrNone(PrefixSetBuilder builder)
    {
        if (!tokens.Current.Is(TokenKind.Punctuation, "}"))
            ReadEntry(builder, mayBeNegated: true);
    }

    private Condition ReadTable(Func<PrefixSet, string?, Condition> make)
    {
        Token name = ReadTableName();
        if (draft.Tables.Find(table => table.Name == name.Text) is not { } table)
        {
            tokens.Report(name, $"there is no table <{name.Text}>");
            return make(PrefixSet.Of(), name.Text);
        }

        draft.UsedTables.Add(table.Name);
        return make(table.Prefixes, table.Name);
    }
}
