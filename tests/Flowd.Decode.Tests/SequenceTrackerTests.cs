using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Decode.State;

namespace Flowd.Tests;

/// <summary>Sequence numbers against a model that knows every unit that was sent.</summary>
public class SequenceTrackerTests
{
    private readonly record struct Message(uint Sequence, uint Units);

    /// <summary>What the tracker said, summed up as <see cref="ExportStream"/> does.</summary>
    private sealed class Totals(SequenceUnit unit)
    {
        private SequenceTracker _tracker = new(unit);

        public ulong Gaps { get; private set; }
        public ulong Lost { get; private set; }
        public ulong Late { get; private set; }
        public ulong Resets { get; private set; }
        public uint Next => _tracker.Next;

        public Totals Take(IEnumerable<Message> messages)
        {
            foreach (Message message in messages)
            {
                SequenceCheck check = _tracker.Check(message.Sequence, message.Units, message.Units);
                Gaps += check.Outcome == SequenceOutcome.Gap ? 1ul : 0;
                Late += check.Outcome == SequenceOutcome.Late ? 1ul : 0;
                Resets += check.Outcome == SequenceOutcome.Reset ? 1ul : 0;
                Lost = check.Outcome switch
                {
                    SequenceOutcome.Gap => Lost + check.Units,
                    SequenceOutcome.Late => Lost - check.Units,
                    _ => Lost,
                };
            }

            return this;
        }
    }

    // Starts near the end of 32 bits as often as not.
    private static readonly Gen<uint> Starts = Gen.OneOf(Gen.UInt, Gen.Const(0u), Gen.UInt[uint.MaxValue - 2000, uint.MaxValue]);

    private static readonly Gen<List<Message>> Sent = Gen.Select(Starts, Gen.UInt[1, 30].Array[2, 400], Number);

    private static List<Message> Number(uint sequence, uint[] units)
    {
        var messages = new List<Message>();
        foreach (uint count in units)
        {
            messages.Add(new Message(sequence, count));
            sequence = unchecked(sequence + count);
        }

        return messages;
    }

    // The first messages differ in size and arrive, so that the two ways of counting can be told from each other.
    private static readonly Gen<List<Message>> SentWithStart
        = Gen.Select(Starts, Gen.UInt[1, 30].Array[2, 400]).Select((start, units) => Number(start, [.. Enumerable.Range(1, Sure).Select(n => (uint)n), .. units]));

    private const int Sure = 12;

    [Fact]
    public void Nothing_is_lost_of_what_arrives_in_order()
        => Sent.Sample(sent =>
        {
            Totals totals = new Totals(SequenceUnit.Flows).Take(sent);
            return (totals.Gaps, totals.Lost, totals.Late, totals.Resets) == (0, 0, 0, 0) && totals.Next == unchecked(sent[^1].Sequence + sent[^1].Units);
        });

    [Fact]
    public void Losses_are_counted_exactly()
        => Gen.Select(SentWithStart, Gen.Int[0, 4].Array[400 + Sure], Gen.Bool).Sample((sent, dice, countsItself) =>
        {
            // The last arrives: what is lost behind it nobody can know.
            bool[] arrives = [.. sent.Select((_, i) => i < Sure || i == sent.Count - 1 || dice[i] > 0)];
            ulong lost = sent.Where((_, i) => !arrives[i]).Aggregate(0ul, (sum, m) => sum + m.Units);
            ulong gaps = (ulong)sent.Where((_, i) => i > 0 && arrives[i] && !arrives[i - 1]).Count();
            Totals totals = new Totals(SequenceUnit.Records).Take(sent.Where((_, i) => arrives[i])
                .Select(m => countsItself ? m with { Sequence = unchecked(m.Sequence + m.Units) } : m));
            Assert.Equal((gaps, lost, 0ul, 0ul), (totals.Gaps, totals.Lost, totals.Late, totals.Resets));
        });

    // Blocks of eight are shuffled, so that no more gaps are open than are remembered. The first of all keeps its place.
    [Fact]
    public void What_comes_late_is_not_lost()
        => Gen.Select(Sent, Gen.Int[0, 1_000_000].Array[400]).Sample((sent, keys) =>
        {
            IEnumerable<Message> shuffled = sent.Skip(1).Chunk(8).SelectMany((chunk, c) => chunk.Select((m, i) => (m, keys[c * 8 + i])).OrderBy(p => p.Item2).Select(p => p.m));
            Totals totals = new Totals(SequenceUnit.Flows).Take(sent.Take(1).Concat(shuffled));
            Assert.Equal((0ul, 0ul), (totals.Lost, totals.Resets));
        });

    [Fact]
    public void Duplicates_hide_no_loss()
        => Gen.Select(Sent, Gen.Int[0, 9].Array[400]).Sample((sent, dice) =>
        {
            bool[] arrives = [.. sent.Select((_, i) => i == 0 || i == sent.Count - 1 || dice[i] > 0)];
            ulong lost = sent.Where((_, i) => !arrives[i]).Aggregate(0ul, (sum, m) => sum + m.Units);
            Message[] received = [.. sent.Where((_, i) => arrives[i])];
            Totals totals = new Totals(SequenceUnit.Flows).Take(received.SelectMany(m => new[] { m, m }));
            Assert.Equal((lost, (ulong)received.Length), (totals.Lost, totals.Late));
        });

    [Fact]
    public void A_restart_loses_nothing()
        => Gen.Select(Sent, Sent).Sample((before, after) =>
        {
            uint distance = unchecked(after[0].Sequence - (before[^1].Sequence + before[^1].Units));
            if (distance is <= SequenceTracker.FarthestJump or >= uint.MaxValue - SequenceTracker.LateFlows)
                return; // too near to be told from a loss
            Totals totals = new Totals(SequenceUnit.Flows).Take(before.Concat(after));
            Assert.Equal((0ul, 0ul, 1ul), (totals.Lost, totals.Gaps, totals.Resets));
        });

    [Theory]
    [InlineData(SequenceUnit.Flows, -1, SequenceOutcome.Late)]
    [InlineData(SequenceUnit.Flows, -SequenceTracker.LateFlows, SequenceOutcome.Late)]
    [InlineData(SequenceUnit.Flows, -SequenceTracker.LateFlows - 1, SequenceOutcome.Reset)]
    [InlineData(SequenceUnit.Datagrams, -SequenceTracker.LateDatagrams, SequenceOutcome.Late)]
    [InlineData(SequenceUnit.Datagrams, -SequenceTracker.LateDatagrams - 1, SequenceOutcome.Reset)]
    [InlineData(SequenceUnit.Flows, 0, SequenceOutcome.Expected)]
    [InlineData(SequenceUnit.Flows, 1, SequenceOutcome.Gap)]
    [InlineData(SequenceUnit.Flows, SequenceTracker.FarthestJump, SequenceOutcome.Gap)]
    [InlineData(SequenceUnit.Flows, SequenceTracker.FarthestJump + 1, SequenceOutcome.Reset)]
    [InlineData(SequenceUnit.Flows, int.MaxValue, SequenceOutcome.Reset)]
    [InlineData(SequenceUnit.Flows, int.MinValue, SequenceOutcome.Reset)]
    public void Where_the_borders_are(SequenceUnit unit, int difference, object outcome)
    {
        foreach (uint start in new[] { 0u, 5u, 1u << 31, uint.MaxValue })
        {
            var tracker = new SequenceTracker(unit);
            tracker.Restore(start);
            Assert.Equal(outcome, tracker.Check(unchecked(start + (uint)difference), 1, 1).Outcome);
        }
    }

    [Fact]
    public void Of_too_many_gaps_the_oldest_stay_lost()
    {
        var totals = new Totals(SequenceUnit.Flows);
        totals.Take(Enumerable.Range(0, SequenceHoles.Capacity + 2).Select(i => new Message((uint)i * 10, 5)));
        Assert.Equal(5ul * (SequenceHoles.Capacity + 1), totals.Lost);
        totals.Take(Enumerable.Range(0, SequenceHoles.Capacity + 1).Select(i => new Message((uint)i * 10 + 5, 5)));
        Assert.Equal(5ul, totals.Lost);
    }
}
