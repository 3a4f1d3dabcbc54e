using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Programs of up to 300 rules with every condition there is, against the walk over all of them.</summary>
public class FilterProgramPropertyTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly Gen<(FlowRecord Record, byte[] Other)[]> Asked = Gen.Select(Rules.Record, Programs.Elements).Array[1, 30];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_program_does_what_its_rules_mean_and_counts_it(bool walks)
        => Gen.Select(Programs.Any, Asked).Sample((rules, asked) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, Berlin, walks);
            var naive = new NaiveFilter(rules, Berlin);
            foreach ((FlowRecord record, byte[] other) in asked)
            {
                Assert.Equal(naive.Evaluate(in record, other), program.Evaluate(in record, other));
                Assert.Equal(naive.Tags, program.Tags.ToArray());
                if (rules.Length > 0 && other.Length == 0)
                    Assert.Equal(naive.Counters[^1], program.CountersOf(rules.Length - 1));
            }

            Assert.Equal(naive.Counters, CountersOf(program));
        }, iter: 700);

    // The above would be worth little if rules hardly ever matched, or always.
    [Fact]
    public void Random_rules_match_random_records_often_enough()
    {
        int some = 0, quick = 0, several = 0, tagged = 0, evaluations = 0;
        Gen.Select(Programs.Any, Asked).Sample((rules, asked) =>
        {
            var naive = new NaiveFilter(rules, Berlin);
            foreach ((FlowRecord record, byte[] other) in asked)
            {
                ulong before = naive.Counters.Aggregate(0ul, (sum, rule) => sum + rule.Matches);
                Verdict verdict = naive.Evaluate(in record, other);
                ulong matches = naive.Counters.Aggregate(0ul, (sum, rule) => sum + rule.Matches) - before;
                evaluations++;
                some += matches > 0 ? 1 : 0;
                several += matches > 2 ? 1 : 0;
                tagged += naive.Tags.Count > 2 ? 1 : 0;
                quick += verdict.Rule >= 0 && rules[verdict.Rule].Quick ? 1 : 0;
            }
        }, iter: 400, threads: 1);
        Assert.InRange(some, evaluations / 3, evaluations * 49 / 50);
        Assert.InRange(several, evaluations / 10, evaluations * 19 / 20);
        Assert.InRange(tagged, evaluations / 20, evaluations * 19 / 20);
        Assert.InRange(quick, evaluations / 20, evaluations * 9 / 10);
    }

    [Fact]
    public void Counters_add_up_and_are_carried_on()
        => Gen.Select(Rules.Rule.Array[50], Rules.Record.Array[60]).Sample((rules, records) =>
        {
            FilterProgram one = FilterProgram.Compile(rules, Berlin), other = FilterProgram.Compile(rules, Berlin), all = FilterProgram.Compile(rules, Berlin);
            for (int i = 0; i < records.Length; i++)
            {
                (i % 3 == 0 ? one : other).Evaluate(in records[i]);
                all.Evaluate(in records[i]);
            }

            one.AddCounters(other);
            Assert.Equal(CountersOf(all), CountersOf(one));
            FilterProgram next = FilterProgram.Compile([.. rules, new FilterRule { Label = "new" }], Berlin);
            next.TakeCountersFrom(one);
            Assert.Equal([.. CountersOf(all), default], CountersOf(next));
        }, iter: 20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluating_does_not_allocate(bool walks)
        => Gen.Select(Programs.Any, Asked).Sample((rules, asked) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, Berlin, walks);
            Run(program, asked);
            Assert.Equal(0, Allocation.Of(() => Run(program, asked)));
        }, iter: 20, threads: 1);

    private static void Run(FilterProgram program, (FlowRecord Record, byte[] Other)[] asked)
    {
        foreach (ref readonly (FlowRecord Record, byte[] Other) one in asked.AsSpan())
            program.Evaluate(in one.Record, one.Other);
    }

    private static IEnumerable<RuleCounters> CountersOf(FilterProgram program) => Enumerable.Range(0, program.Rules.Count).Select(program.CountersOf);
}
