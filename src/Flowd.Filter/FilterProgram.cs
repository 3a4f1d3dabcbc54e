using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Filter.Index;
using Flowd.Filter.Runs;
using Flowd.Filter.Walk;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// A set of rules, compiled. The last matching rule decides unless one says quick; no match accepts; rules that say match only tag
/// (flowd.conf(5), "FILTER").
/// Evaluating allocates nothing and counts, so a program belongs to one thread.
/// </summary>
public sealed partial class FilterProgram
{
    private static readonly Verdict Undecided = new(FilterAction.Accept, Tagged: false, Tag: 0, Rule: -1);

    private readonly IRuleFinder _finder;
    private readonly int[] _matching; // rules that match a record of a run
    private readonly Verdict[] _verdicts;
    private readonly bool _anyMatchTags;
    private readonly uint[][] _tagsOf;
    private readonly RuleCounters[] _counters;

    // Evaluations that are not in the counters yet: how many there were, and how many ended at each quick rule, so that those behind it were not looked at.
    private readonly ulong[] _ended;
    private ulong _evaluations;

    private readonly uint[] _tags;
    private int _tagCount;

    private FilterProgram(FilterRule[] rules, TimeZoneInfo zone, bool walks)
    {
        _runs = walks && RunWalk.Suits(rules) ? new RunWalk(rules, zone) : null;
        _index = _runs is null ? RuleIndex.Of(rules, zone) : null;
        _finder = walks ? new RuleWalk(rules, zone) : _index!;
        _matching = new int[rules.Length];
        _tagsOf = [.. rules.Select(static rule => rule.Tags.ToArray())];
        _verdicts = [.. rules.Select(static (rule, i) => new Verdict(rule.Action, rule.Tags.Count > 0, rule.Tags is [var first, ..] ? first : 0, i))];
        _anyMatchTags = Array.Exists(_verdicts, static verdict => verdict is { Action: FilterAction.Match, Tagged: true });
        _counters = new RuleCounters[rules.Length];
        _ended = new ulong[rules.Length];
        _tags = new uint[rules.Sum(rule => rule.Tags.Count)];
        Rules = rules;
        ReadsOther = Array.Exists(rules, static rule => rule.When.Tree().Any(static part => part is ElementIn or ElementAddressIn or ElementIs));
    }

    public IReadOnlyList<FilterRule> Rules { get; }

    /// <summary>True if a rule asks for elements without a place of their own.</summary>
    public bool ReadsOther { get; }

    /// <summary>
    /// All tags that the record has which was evaluated last: those of the <c>match</c> rules that matched, and those of the deciding rule.
    /// Good until the next evaluation.
    /// </summary>
    public ReadOnlySpan<uint> Tags => _tags.AsSpan(0, _tagCount);

    /// <summary>Days, times and dates of the rules are those of <paramref name="zone"/>.</summary>
    public static FilterProgram Compile(IReadOnlyList<FilterRule> rules, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(zone);
        return Compile([.. rules], zone, RuleWalk.Suits(rules));
    }

    /// <summary>The same by whichever way: rules that are walked through, or looked up.</summary>
    internal static FilterProgram Compile(FilterRule[] rules, TimeZoneInfo zone, bool walks) => new(rules, zone, walks);

    /// <summary>What the rules say of a record and its elements without a place of their own.</summary>
    public Verdict Evaluate(in FlowRecord record, ReadOnlySpan<byte> other = default) => Count(_finder.Find(in record, other));

    // The verdict of the rules that match one more record.
    private Verdict Count(ReadOnlySpan<int> matching)
    {
        _evaluations++;
        Verdict verdict = Decide(matching);
        foreach (int rule in matching)
            _counters[rule].Matches++;
        if (verdict.Rule >= 0)
            CountWins(verdict.Rule, 1);
        return verdict;
    }

    // What comes of the rules that match, up to a quick one.
    private Verdict Decide(ReadOnlySpan<int> matching)
    {
        _tagCount = 0;
        if (matching.IsEmpty)
            return Undecided;
        Verdict verdict = Undecided;
        uint? matchTag = null;
        foreach (int rule in matching)
        {
            if (_verdicts[rule].Action != FilterAction.Match)
            {
                verdict = _verdicts[rule];
                continue;
            }

            AddTags(_tagsOf[rule]);
            matchTag = _verdicts[rule].Tagged ? _verdicts[rule].Tag : matchTag;
        }

        if (verdict.Rule >= 0)
            AddTags(_tagsOf[verdict.Rule]);
        return verdict.Tagged || matchTag is not { } tag ? verdict : verdict with { Tagged = true, Tag = tag };
    }

    private void AddTags(uint[] tags)
    {
        tags.CopyTo(_tags, _tagCount);
        _tagCount += tags.Length;
    }

    public RuleCounters CountersOf(int rule)
    {
        CountEvaluations();
        return _counters[rule];
    }

    /// <summary>Adds the counters of another program of the same rules.</summary>
    public void AddCounters(FilterProgram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counters.Length; i++)
        {
            RuleCounters more = other.CountersOf(i);
            _counters[i] = new RuleCounters(_counters[i].Evaluations + more.Evaluations, _counters[i].Matches + more.Matches, _counters[i].Wins + more.Wins);
        }
    }

    /// <summary>
    /// Carries the counters of a former program on: a rule takes those of the rule that prints the same. Of several equal rules
    /// the first takes those of the first, and so on.
    /// </summary>
    public void TakeCountersFrom(FilterProgram old)
    {
        ArgumentNullException.ThrowIfNull(old);
        var former = new Dictionary<string, Queue<RuleCounters>>();
        for (int i = 0; i < old.Rules.Count; i++)
        {
            string text = RulePrinter.Print(old.Rules[i]);
            if (!former.TryGetValue(text, out Queue<RuleCounters>? counters))
                former.Add(text, counters = new Queue<RuleCounters>());
            counters.Enqueue(old.CountersOf(i));
        }

        CountEvaluations();
        for (int i = 0; i < Rules.Count; i++)
        {
            if (former.TryGetValue(RulePrinter.Print(Rules[i]), out Queue<RuleCounters>? counters) && counters.TryDequeue(out RuleCounters taken))
                _counters[i] = taken;
        }
    }

    // Each evaluation looks at the rules from the first on, up to a quick one that matches.
    private void CountEvaluations()
    {
        if (_evaluations == 0)
            return;
        ulong looking = _evaluations;
        for (int i = 0; i < _counters.Length; i++)
        {
            _counters[i].Evaluations += looking;
            if (Rules[i].EndsEvaluation)
                looking -= _ended[i];
        }

        Array.Clear(_ended);
        _evaluations = 0;
    }
}
