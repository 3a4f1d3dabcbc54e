using System;
using System.Collections.Generic;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What rules mean: all of them, one after the other, each asked by the evaluator.</summary>
internal sealed class NaiveFilter(IReadOnlyList<FilterRule> rules, TimeZoneInfo zone)
{
    private readonly ConditionEvaluator _evaluator = new(zone);

    public RuleCounters[] Counters { get; } = new RuleCounters[rules.Count];

    public List<uint> Tags { get; } = [];

    public Verdict Evaluate(in FlowRecord record, byte[] other)
    {
        int winner = -1;
        uint? tag = null;
        Tags.Clear();
        for (int i = 0; i < rules.Count; i++)
        {
            Counters[i].Evaluations++;
            if (!_evaluator.Holds(rules[i].When, in record, other))
                continue;
            Counters[i].Matches++;
            if (rules[i].Action == FilterAction.Match)
            {
                tag = Add(rules[i]) ?? tag;
                continue;
            }

            winner = i;
            if (rules[i].Quick)
                break;
        }

        if (winner < 0)
            return new Verdict(FilterAction.Accept, tag is not null, tag.GetValueOrDefault(), -1);
        Counters[winner].Wins++;
        tag = Add(rules[winner]) ?? tag;
        return new Verdict(rules[winner].Action, tag is not null, tag.GetValueOrDefault(), winner);
    }

    private uint? Add(FilterRule rule)
    {
        Tags.AddRange(rule.Tags);
        return rule.Tags.Count > 0 ? rule.Tags[0] : null;
    }
}
