using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// A set of rules, compiled. The last matching rule decides unless one says quick; no match accepts (flowd.conf(5), "FILTER").
/// Evaluating allocates nothing and counts, so a program belongs to one thread.
/// </summary>
public sealed class FilterProgram
{
    private readonly NumberTest[] _numbers;
    private readonly AddressTest[] _addresses;
    private readonly ExtendedTest[] _extended;
    private readonly CompiledRule[] _compiled;
    private readonly RuleCounters[] _counters;
    private readonly LocalClock _clock;

    private FilterProgram(FilterRule[] rules, TimeZoneInfo zone)
    {
        var compiler = new RuleCompiler(zone);
        _compiled = new CompiledRule[rules.Length];
        for (int i = 0; i < rules.Length; i++)
            _compiled[i] = compiler.Add(rules[i], i);
        _numbers = [.. compiler.Numbers];
        _addresses = [.. compiler.Addresses];
        _extended = [.. compiler.Extended];
        _counters = new RuleCounters[rules.Length];
        _clock = new LocalClock(zone);
        Rules = rules;
    }

    public IReadOnlyList<FilterRule> Rules { get; }

    /// <summary>True if a rule asks for elements without a place of their own.</summary>
    public bool ReadsOther => _compiled.Length > 0 && Rules.Any(rule => rule.Elements.All.Count > 0);

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
        for (int i = 0; i < _compiled.Length; i++)
        {
            ref readonly CompiledRule rule = ref _compiled[i];
            _counters[i].Evaluations++;
            if (!Matches(in rule, in record, other))
                continue;
            _counters[i].Matches++;
            verdict = rule.Verdict;
            if (rule.Quick)
                break;
        }

        if (verdict.Rule >= 0)
            _counters[verdict.Rule].Wins++;
        return verdict;
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
            if (!test.Holds(in record, _clock))
                return false;
        }

        foreach (ref readonly ExtendedTest test in _extended.AsSpan(rule.FirstExtended, rule.EndExtended - rule.FirstExtended))
        {
            if (!test.Holds(in record, other))
                return false;
        }

        return true;
    }
}
