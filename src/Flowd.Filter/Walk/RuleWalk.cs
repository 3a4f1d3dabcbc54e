using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>Tries all rules, one after the other, as flat arrays of tests: for so few that looking a record up would take longer.</summary>
internal sealed class RuleWalk : IRuleFinder
{
    // Measured (bench/filter): from about 20 rules of 2 or 3 clauses on, an index is faster.
    private const int MostConditions = 64;
    private const int MostRanges = 64;

    private readonly NumberTest[] _numbers;
    private readonly AddressTest[] _addresses;
    private readonly Condition[] _others;
    private readonly WalkedRule[] _rules;
    private readonly ConditionEvaluator _evaluator;
    private readonly int[] _found;

    public RuleWalk(IReadOnlyCollection<FilterRule> rules, TimeZoneInfo zone)
    {
        var compiler = new TestCompiler(zone);
        _rules = [.. rules.Select(compiler.Add)];
        (_numbers, _addresses, _others) = ([.. compiler.Numbers], [.. compiler.Addresses], [.. compiler.Others]);
        _evaluator = new ConditionEvaluator(zone);
        _found = new int[_rules.Length];
    }

    /// <summary>True if the rules ask for little: few conditions, none of them about a large set.</summary>
    public static bool Suits(IEnumerable<FilterRule> rules)
    {
        Condition[] conditions = [.. rules.SelectMany(static rule => rule.When.Tree()).Take(MostConditions + 1)];
        return conditions.Length <= MostConditions && Array.TrueForAll(conditions, static condition => RangesOf(condition) <= MostRanges);
    }

    public ReadOnlySpan<int> Find(in FlowRecord record, ReadOnlySpan<byte> other)
    {
        int count = 0;
        for (int i = 0; i < _rules.Length; i++)
        {
            ref readonly WalkedRule rule = ref _rules[i];
            if (!Matches(in rule, in record, other))
                continue;
            _found[count++] = i;
            if (rule.IsQuick)
                break;
        }

        return _found.AsSpan(0, count);
    }

    private static int RangesOf(Condition condition) => condition switch
    {
        NumberIn number => number.Numbers.Ranges.Count,
        AddressIn address => address.Prefixes.Four.Firsts.Length + address.Prefixes.Six.Firsts.Length,
        _ => 0,
    };

    private bool Matches(in WalkedRule rule, in FlowRecord record, ReadOnlySpan<byte> other)
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
