using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Compiled programs against the meaning of their rules.</summary>
public class FilterPropertyTests
{
    private static readonly TimeZoneInfo[] Zones =
    [
        TimeZoneInfo.Utc,
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"),
    ];

    [Fact]
    public void A_program_does_what_its_rules_mean_and_counts_it()
        => Gen.Select(Rules.Rule.Array[0, 6], Rules.Record.Array[1, 20], Gen.OneOf(Zones)).Sample((rules, records, zone) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, zone);
            var counters = new RuleCounters[rules.Length];
            var tags = new List<uint>();
            foreach (FlowRecord record in records)
            {
                Assert.Equal(FilterOracle.Evaluate(rules, in record, zone, counters, tags), program.Evaluate(in record));
                Assert.Equal(tags, program.Tags.ToArray());
            }

            for (int i = 0; i < rules.Length; i++)
                Assert.Equal(counters[i], program.CountersOf(i));
        }, iter: 5_000);

    // The above would be worth little if rules hardly ever matched.
    [Fact]
    public void Random_rules_match_random_records_often_enough()
    {
        int matches = 0, clauses = 0;
        Gen.Select(Rules.Rule, Rules.Record).Sample((rule, record) =>
        {
            var counters = new RuleCounters[1];
            FilterOracle.Evaluate([rule], in record, TimeZoneInfo.Utc, counters, []);
            matches += (int)counters[0].Matches;
            clauses += RulePrinter.Print(rule).Split(' ').Length > 4 ? (int)counters[0].Matches : 0;
        }, iter: 5_000, threads: 1);
        Assert.InRange(matches, 250, 4_500);
        Assert.InRange(clauses, 100, 4_500);
    }

    [Fact]
    public void A_printed_rule_parses_to_the_same_rule()
        => Rules.Rule.Sample(rule =>
        {
            ParseResult result = ConfigParser.Parse(RulePrinter.Print(rule), "printed", new Dictionary<string, string>(), ConfigScope.Filter);
            Assert.Empty(result.Diagnostics);
            Assert.Equal([rule], result.Configuration!.Rules);
        }, iter: 5_000);

    [Fact]
    public void Evaluating_does_not_allocate()
        => Gen.Select(Rules.Rule.Array[50], Rules.Record.Array[50]).Sample((rules, records) =>
        {
            FilterProgram program = FilterProgram.Compile([.. rules.Select(rule => rule with { Quick = false })], Zones[1]);
            Run(program, records);
            Assert.Equal(0, Allocation.Of(() => Run(program, records)));
        }, iter: 20, threads: 1);

    private static void Run(FilterProgram program, FlowRecord[] records)
    {
        foreach (ref readonly FlowRecord record in records.AsSpan())
            program.Evaluate(in record);
    }
}
