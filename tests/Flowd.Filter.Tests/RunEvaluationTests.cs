using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Filter;
using Flowd.Filter.Runs;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Rules asked of many records that are not decoded, against what they mean for each.</summary>
public class RunEvaluationTests
{
    private const int MostAlternatives = 64;

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // Any trees of what is there, or is not, in records of which only the values of version 3.0 of a log are known, if the index takes them apart whole.
    private static readonly Gen<FilterRule[]> AskableRules
        = Rules.Rule.Where(static rule => rule.When.Tree().All(IsAskable) && Alternatives(rule.When, negated: false) <= MostAlternatives).Array[0, 16];
    private static readonly Gen<FilterRule[]> FewRules = AskableRules.Where(RunWalk.Suits);
    private static readonly Gen<FilterRule[]> RulesForLogs = FewRules.Where(static rules => !rules.SelectMany(rule => rule.When.Tree()).Any(IsOfMessage));

    private static readonly Gen<FlowRecord[]> Asked = Rules.Record.Array[1, 300];

    [Fact]
    public void Records_that_are_not_decoded_are_evaluated_and_counted_as_others()
    {
        int some = 0, all = 0;
        Gen.Select(RulesForLogs, Asked, Gen.Int, Gen.ULong).Sample((rules, records, seed, among) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, Berlin, walks: true);
            var naive = new NaiveFilter(rules, Berlin);
            foreach (FlowRecord[] run in Runs(records).Select(run => Alike(run, new Random(seed))))
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

    // By whichever way; what a message has stands in its blank record.
    [Theory, InlineData(true), InlineData(false)]
    public void Records_of_a_message_are_evaluated_and_counted_as_decoded_ones(bool walks)
    {
        int evaluated = 0, decided = 0, tagged = 0;
        Gen.Select(walks ? FewRules : AskableRules, Asked, Gen.Int).Sample((rules, records, seed) =>
        {
            FilterProgram program = FilterProgram.Compile(rules, Berlin, walks);
            Assert.True(program.SuitsRuns);
            var naive = new NaiveFilter(rules, Berlin);
            foreach (FlowRecord[] run in Runs(records).Select(run => OfMessage(Alike(run, new Random(seed)))))
            {
                var wire = new WireRun(run, new Random(seed), RecordValue.AgentAddress, RecordValue.ReceivedSeconds);
                var blank = new FlowRecord { Fields = run[0].Fields, AgentAddress = run[0].AgentAddress, ReceivedSeconds = run[0].ReceivedSeconds, Version = run[0].Version };
                var verdicts = new Verdict[run.Length];
                program.Evaluate(wire.Layout, in blank, wire.Octets, verdicts);
                Assert.Equal(run.Select(record => naive.Evaluate(in record, [])), verdicts);
                evaluated += run.Length;
                decided += verdicts.Count(verdict => verdict.Rule >= 0);
                tagged += verdicts.Count(verdict => verdict.Tagged);
            }

            Assert.Equal(naive.Counters, Enumerable.Range(0, rules.Length).Select(program.CountersOf));
        }, iter: 1000, threads: 1);
        Assert.InRange(decided, evaluated / 4, evaluated - evaluated / 200);
        Assert.InRange(tagged, evaluated / 10, evaluated - evaluated / 200);
    }

    [Fact]
    public void Rules_that_ask_for_more_than_a_message_and_its_records_have_do_not_suit_them()
    {
        foreach (bool walks in (bool[])[true, false])
        {
            foreach (Condition more in (Condition[])[new NumberIn(NumberField.Duration, RangeSet.Of(1)), new NumberIn(NumberField.Sampling, RangeSet.Of(1)), new ElementIs(0, 371, "a"), new AddressIn(AddressField.BgpNextHop, PrefixSet.Any)])
                Assert.False(FilterProgram.Compile([new FilterRule { When = more }], Berlin, walks).SuitsRuns);
        }
    }

    [Fact]
    public void A_rule_of_more_alternatives_than_the_index_takes_apart_does_not_suit_a_message()
    {
        Assert.True(SuitRuns(AlternativesOf(4, 4, 4)));
        Assert.False(SuitRuns(AlternativesOf(5, 13)));

        static bool SuitRuns(Condition condition) => FilterProgram.Compile([new FilterRule { When = condition }], Berlin, walks: false).SuitsRuns;
    }

    [Fact]
    public void Rules_that_ask_for_more_are_left_alone_and_nothing_is_counted()
    {
        var wire = new WireRun([default], new Random(1));
        foreach (Condition more in (Condition[])[new DayIn(DaySet.Monday), new NumberIn(NumberField.Duration, RangeSet.Of(1)), new ElementIs(0, 371, "a"), new NumberIn(NumberField.Version, RangeSet.Of(9))])
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
        ulong accepted = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            program.TryEvaluate(wire.Layout, wire.Octets, 3, out accepted);
            program.VerdictOf(1);
        }));
        Assert.Equal(3ul, accepted);
    }

    private static bool IsAskable(Condition condition) => condition switch
    {
        AllOf or AnyOf or Not or FlagsIn or FamilyIs or DayIn or TimeIn or DateIn => true,
        AddressIn address => address.Field <= AddressField.NextHop,
        NumberIn number => number.Field <= NumberField.Octets || number.Field == NumberField.Version,
        _ => false,
    };

    // How many rows of which one must hold it is at most.
    private static int Alternatives(Condition condition, bool negated) => condition switch
    {
        Not not => Alternatives(not.Part, !negated),
        AllOf all => Together(all.Parts, negated, multiplies: !negated),
        AnyOf any => Together(any.Parts, negated, multiplies: negated),
        _ => 1,
    };

    private static int Together(IReadOnlyList<Condition> parts, bool negated, bool multiplies)
    {
        IEnumerable<int> each = parts.Select(part => Alternatives(part, negated));
        return multiplies ? each.Aggregate(1, (product, factor) => product * factor) : each.Sum();
    }

    // So many numbers of one field, and so many of the next.
    private static Condition AlternativesOf(params int[] counts)
        => Condition.All(counts.Select((count, i) => Condition.Any(Enumerable.Range(0, count).Select(number => new NumberIn((NumberField)((int)NumberField.SourcePort + i), RangeSet.Of((ulong)number))))));

    // What the records of one message have in common, and those of a log have each.
    private static bool IsOfMessage(Condition condition) => condition is DayIn or TimeIn or NumberIn { Field: NumberField.Version };

    // Either all or none of them have the numbers that some exporters leave out.
    private static FlowRecord[] Alike(FlowRecord[] run, Random random)
    {
        const LogFields some = LogFields.AsInfo | LogFields.Packets | LogFields.Octets;
        LogFields fields = run[0].Fields & ~some | (LogFields)random.Next() & some;
        return Array.ConvertAll(run, record =>
        {
            record.Fields = fields;
            if (!fields.HasFlag(LogFields.AsInfo))
                (record.SourceAs, record.DestinationAs, record.SourceMask, record.DestinationMask) = (0, 0, 0, 0);
            (record.Packets, record.Octets) = (fields.HasFlag(LogFields.Packets) ? record.Packets : 0, fields.HasFlag(LogFields.Octets) ? record.Octets : 0);
            return record;
        });
    }

    private static FlowRecord[] OfMessage(FlowRecord[] run) => Array.ConvertAll(run, record => record with
    {
        AgentAddress = run[0].AgentAddress,
        ReceivedSeconds = run[0].ReceivedSeconds,
        Version = run[0].Version,
    });

    private static ulong All(FlowRecord[] run) => ulong.MaxValue >> (64 - run.Length);

    // Records of one layout have addresses of the same families.
    private static IEnumerable<FlowRecord[]> Runs(FlowRecord[] records)
        => records.GroupBy(record => (record.AgentAddress.Family, record.SourceAddress.Family, record.DestinationAddress.Family, record.GatewayAddress.Family)).SelectMany(group => group.Chunk(WireTest.MostRecords));
}
