using System;
using Flowd.Filter;

namespace Flowd.Worker.Metrics;

/// <summary>Families with a sample for each rule of the filter.</summary>
internal static class RuleFamilies
{
    public static readonly MetricFamily[] Table =
    [
        Counter("flowd_rule_evaluations_total", "How often the rule was looked at.", static counters => counters.Evaluations),
        Counter("flowd_rule_matches_total", "How often the rule matched.", static counters => counters.Matches),
        Counter("flowd_rule_wins_total", "How often the rule decided.", static counters => counters.Wins),
    ];

    private static MetricFamily Counter(string name, string help, Func<RuleCounters, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Rules.Numbers.Write(text, rule => value(view.Rules.Program.CountersOf(rule))));
}
