using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Flowd.Records;

namespace Flowd.Filter.Runs;

/// <summary>
/// Tries all rules on many records that are not decoded, which have one layout: each condition is asked of all of them before the next one is. Belongs to one thread.
/// </summary>
internal sealed class RunWalk(FilterRule[] rules, TimeZoneInfo zone)
{
    // For more an index is faster.
    private const int MostRanges = 128;

    private readonly ConditionalWeakTable<WireLayout, LayoutRules> _layouts = [];
    private readonly ConditionEvaluator _evaluator = new(zone);
    private readonly ulong[] _matches = new ulong[rules.Length];

    /// <summary>Rules for one layout. AsksMessage: about what records have in common.</summary>
    private sealed record LayoutRules(RunColumns Columns, RecordMask[] Masks, bool AsksMessage);

    /// <summary>For each rule the records that it matches, and no quick rule before it, a bit for each.</summary>
    public ReadOnlySpan<ulong> Matches => _matches;

    /// <summary>False if each record of a log has something of its own that the rules ask for, and a message gives all its records alike.</summary>
    public bool SuitsLogs { get; } = !rules.SelectMany(static rule => rule.When.Tree()).Any(static part => part is DayIn or TimeIn or NumberIn { Field: NumberField.Version });

    /// <summary>True if the rules ask for little, and for nothing that records lack which are not decoded.</summary>
    public static bool Suits(IReadOnlyCollection<FilterRule> rules)
        => rules.SelectMany(static rule => rule.When.Tree()).All(MaskCompiler.Knows) && rules.SelectMany(static rule => rule.When.Tree()).Sum(RangesOf) <= MostRanges;

    /// <summary>True if the layout is known; it takes a moment to compile the rules for another one.</summary>
    public bool Knows(WireLayout layout) => _layouts.TryGetValue(layout, out _);

    /// <summary>Finds them, among <paramref name="among"/>.</summary>
    /// <param name="layout">Of the records.</param>
    /// <param name="blank">What their message gives them.</param>
    /// <param name="records">The records.</param>
    /// <param name="among">Those that are asked.</param>
    public void Find(WireLayout layout, in FlowRecord blank, ReadOnlySpan<byte> records, ulong among)
    {
        LayoutRules known = RulesOf(layout);
        if (known.AsksMessage)
        {
            FlowRecord common = blank;
            layout.Describe(ref common);
            Find(known, in common, records, among);
        }
        else
        {
            Find(known, in blank, records, among); // which nobody looks at
        }
    }

    private void Find(LayoutRules known, in FlowRecord common, ReadOnlySpan<byte> records, ulong among)
    {
        var run = new RunRecords(records, in common, known.Columns, _evaluator);
        for (int rule = 0; rule < rules.Length; rule++)
        {
            _matches[rule] = known.Masks[rule].Of(in run, among);
            if (rules[rule].EndsEvaluation)
                among &= ~_matches[rule];
        }
    }

    private static int RangesOf(Condition condition) => condition switch
    {
        NumberIn number => number.Numbers.Ranges.Count,
        FlagsIn flags => flags.Numbers.Ranges.Count,
        AddressIn address => address.Prefixes.Prefixes().Take(MostRanges + 1).Count(),
        _ => 0,
    };

    private LayoutRules RulesOf(WireLayout layout)
    {
        if (!_layouts.TryGetValue(layout, out LayoutRules? known))
            _layouts.Add(layout, known = Compile(layout));
        return known;
    }

    private LayoutRules Compile(WireLayout layout)
    {
        var compiler = new MaskCompiler(layout, zone);
        RecordMask[] masks = Array.ConvertAll(rules, rule => compiler.MaskOf(rule.When));
        return new LayoutRules(compiler.Columns, masks, compiler.AsksMessage);
    }
}
