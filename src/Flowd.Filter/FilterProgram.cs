using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// A set of rules, compiled. The last matching rule decides unless one says quick; no match accepts; rules that say match only tag
/// (flowd.conf(5), "FILTER").
/// Evaluating allocates nothing and counts, so a program belongs to one thread.
/// </summary>
public sealed class FilterProgram
{
    private readonly NumberTest[] _numbers;
    private readonly AddressTest[] _addresses;
    private readonly Condition[] _others;
    private readonly CompiledRule[] _compiled;
    private readonly RuleCounters[] _counters;
    private readonly ConditionEvaluator _evaluator;
    private readonly uint[] _tags;
    private int _tagCount;

    private FilterProgram(FilterRule[] rules, TimeZoneInfo zone)
    {
        var compiler = new RuleCompiler(zone);
        _compiled = new CompiledRule[rules.Length];
        for (int i = 0; i < rules.Length; i++)
            _compiled[i] = compiler.Add(rules[i], i);
        _numbers = [.. compiler.Numbers];
        _addresses = [.. compiler.Addresses];
        _others = [.. compiler.Others];
        _counters = new RuleCounters[rules.Length];
        _evaluator = new ConditionEvaluator(zone);
        _tags = new uint[rules.Sum(rule => rule.Tags.Count)];
        Rules = rules;
    }

    public IReadOnlyList<FilterRule> Rules { get; }

    /// <summary>True if a rule asks for elements without a place of their own.</summary>
    public bool ReadsOther => Rules.Any(rule => rule.When.Tree().Any(part => part is ElementIn or ElementAddressIn or ElementIs));

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
        return new FilterProgram([.. rules], zone);
    }

    /// <summary>What the rules say of a record and its elements without a place of their own.</summary>
    public Verdict Evaluate(in FlowRecord record, ReadOnlySpan<byte> other = default)
    {
        var verdict = new Verdict(FilterAction.Accept, Tagged: false, Tag: 0, Rule: -1);
        uint? matchTag = null;
        _tagCount = 0;
        for (int i = 0; i < _compiled.Length; i++)
        {
            ref readonly CompiledRule rule = ref _compiled[i];
            _counters[i].Evaluations++;
            if (!Matches(in rule, in record, other))
                continue;
            _counters[i].Matches++;
            if (rule.Verdict.Action == FilterAction.Match)
            {
                AddTags(rule.Tags);
                matchTag = rule.Verdict.Tagged ? rule.Verdict.Tag : matchTag;
                continue;
            }

            verdict = rule.Verdict;
            if (rule.Quick)
                break;
        }

        if (verdict.Rule >= 0)
        {
            _counters[verdict.Rule].Wins++;
            AddTags(_compiled[verdict.Rule].Tags);
        }

        return verdict.Tagged || matchTag is not { } tag ? verdict : verdict with { Tagged = true, Tag = tag };
    }

    private void AddTags(uint[] tags)
    {
        tags.CopyTo(_tags, _tagCount);
        _tagCount += tags.Length;
    }

    public RuleCounters CountersOf(int rule) => _counters[rule];

    /// <summary>Adds the counters of another program of the same rules.</summary>
    public void AddCounters(FilterProgram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counters.Length; i++)
        {
            _counters[i] = new RuleCounters(
                _counters[i].Evaluations + other._counters[i].Evaluations, _counters[i].Matches + other._counters[i].Matches, _counters[i].Wins + other._counters[i].Wins);
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
            counters.Enqueue(old._counters[i]);
        }

        for (int i = 0; i < Rules.Count; i++)
        {
            if (former.TryGetValue(RulePrinter.Print(Rules[i]), out Queue<RuleCounters>? counters) && counters.TryDequeue(out RuleCounters taken))
                _counters[i] = taken;
        }
    }

    private bool Matches(in CompiledRule rule, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        foreach (ref readonly AddressTest test in _addresses.AsSpan(rule.FirstAddress, rule.EndAddress - rule.FirstAddress))
        {
            if (!test.Holds(in record))
                return false;
        }

        foreach (ref readonly NumberTest test in _numbers.AsSpan(rule.FirstNumber, rule.EndNumber - rule.FirstNumber))
        {
            if (!test.Holds(in record, _evaluator.Clock))
                return false;
        }

        for (int i = rule.FirstOther; i < rule.EndOther; i++)
        {
            if (!_evaluator.Holds(_others[i], in record, other))
                return false;
        }

        return true;
    }
}
