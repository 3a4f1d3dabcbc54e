using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Rules asked of many records that are not decoded, against what they mean for each.</summary>
public class RunEvaluationTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // One to four conditions of those that need no more than a place in a record, some the other way around.
    private static readonly Gen<Condition> Simple = Rules.Rule.Select(rule => rule.When)
        .SelectMany(when => Gen.Shuffle(when.Tree().Where(IsSimple).ToArray()).Select(parts => Condition.All(parts.Take(4))));

    private static readonly Gen<FilterRule[]> SimpleRules = Gen.Select(Rules.Rule, Simple, Gen.Bool).Select((rule, when, negated)
        => rule with { When = negated && when is not AllOf ? Condition.Opposite(when) : when }).Array[0, 16];

    private static readonly Gen<FlowRecord[]> Asked = Rules.Record.Array[1, 300];

    [Fact]
    public void Records_that_are_not_decoded_are_evaluated_and_counted_as_others()
    {
        int some = 0, all = 0;
        Gen.Select(SimpleRules, Asked, Gen.Int, Gen.ULong).Sample((rules, records, seed, among) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, Berlin, walks: true);
            var naive = new NaiveFilter(rules, Berlin);
            foreach (FlowRecord[] run in Runs(records))
            {
                var wire = new WireRun(run, new Random(seed));
                bool isWorthIt = program.TryEvaluate(wire.Layout, wire.Octets, among & All(run), out ulong accepted);
                Assert.Equal(run.Length >= 8, isWorthIt);
                if (!isWorthIt)
                    continue;
                Assert.Equal(0ul, accepted & ~(among & All(run)));
                for (int i = 0; i < run.Length; i++)
                {
                    if ((among >> i & 1) == 0)
                        continue;
                    Verdict expected = naive.Evaluate(in run[i], []);
                    Assert.Equal(expected.Action == FilterAction.Accept, (accepted >> i & 1) != 0);
                    Assert.Equal(expected, program.VerdictOf(i));
                    Assert.Equal(naive.Tags, program.Tags.ToArray());
                    all++;
                    some += expected.Rule >= 0 ? 1 : 0;
                }
            }

            Assert.Equal(naive.Counters, Enumerable.Range(0, rules.Length).Select(program.CountersOf));
        }, iter: 1000, threads: 1);
        Assert.InRange(some, all / 4, all * 49 / 50);
    }

    [Fact]
    public void Rules_that_ask_for_more_are_left_alone_and_nothing_is_counted()
    {
        var wire = new WireRun([default], new Random(1));
        foreach (Condition more in (Condition[])[new DayIn(DaySet.Monday), new NumberIn(NumberField.Duration, RangeSet.Of(1)), new ElementIs(0, 371, "a"), Condition.Any([new FamilyIs(AddressFamily.IPv4), Condition.Always])])
        {
            FilterProgram program = FilterProgram.Compile([new FilterRule { When = more }], Berlin);
            Assert.False(program.TryEvaluate(wire.Layout, wire.Octets, 1, out ulong accepted));
            Assert.Equal((0ul, default), (accepted, program.CountersOf(0)));
        }
    }

    [Fact]
    public void Evaluating_does_not_allocate()
    {
        FilterProgram program = FilterProgram.Compile([new FilterRule { Tags = [1, 2], When = new NumberIn(NumberField.Protocol, RangeSet.Of(0)) }], Berlin);
        var wire = new WireRun(new FlowRecord[8], new Random(1));
        program.TryEvaluate(wire.Layout, wire.Octets, 3, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        program.TryEvaluate(wire.Layout, wire.Octets, 3, out ulong accepted);
        program.VerdictOf(1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3ul, accepted);
    }

    private static bool IsSimple(Condition condition) => condition switch
    {
        AddressIn { Table: null, Field: AddressField.Agent or AddressField.Source or AddressField.Destination } address => address.Prefixes.Prefixes().Take(2).Count() == 1,
        NumberIn { Numbers.Ranges.Count: 1, Field: NumberField.InputInterface or NumberField.OutputInterface or NumberField.SourcePort or NumberField.DestinationPort or NumberField.Protocol or NumberField.TypeOfService } => true,
        FlagsIn { Numbers.Ranges.Count: 1 } or FamilyIs or DateIn => true,
        _ => false,
    };

    private static ulong All(FlowRecord[] run) => ulong.MaxValue >> (64 - run.Length);

    // Records of one layout have addresses of the same families.
    private static IEnumerable<FlowRecord[]> Runs(FlowRecord[] records)
        => records.GroupBy(record => (record.AgentAddress.Family, record.SourceAddress.Family, record.DestinationAddress.Family)).SelectMany(group => group.Chunk(WireTest.MostRecords));
}
