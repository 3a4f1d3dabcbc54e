using System;
using System.Numerics;
using Flowd.Filter.Index;
using Flowd.Filter.Runs;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Rules asked of many records at once, which are not decoded: each record is a bit, and what is true of a rule is a mask.</summary>
public sealed partial class FilterProgram
{
    private const int FewRecords = 8; // for which it does not pay to prepare

    private readonly RunWalk? _runs;
    private readonly RuleIndex? _index; // where that does not do

    /// <summary>Whether the rules ask for nothing but what records have that are not decoded, and what their message gives them.</summary>
    public bool SuitsRuns => Rules.Count == 0 || _runs is not null || _index?.SuitsRuns == true;

    /// <summary>What the rules say of records of one message, which are not decoded; counted as <see cref="Evaluate(in FlowRecord, ReadOnlySpan{byte})"/> does. Only if <see cref="SuitsRuns"/>.</summary>
    /// <param name="layout">Of the records.</param>
    /// <param name="blank">What their message gives them.</param>
    /// <param name="records"><see cref="WireTest.MostRecords"/> at most.</param>
    /// <param name="verdicts">As long as there are records.</param>
    public void Evaluate(WireLayout layout, in FlowRecord blank, ReadOnlySpan<byte> records, Span<Verdict> verdicts)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (_runs is not null)
        {
            ulong all = ulong.MaxValue >> (WireTest.MostRecords - verdicts.Length);
            _runs.Find(layout, in blank, records, all);
            verdicts.Fill(Undecided);
            Settle(all, verdicts);
            return;
        }

        _index!.Begin(layout, in blank, records);
        for (int i = 0; i < verdicts.Length; i++)
            verdicts[i] = Count(_index.Find(i));
    }

    /// <summary>
    /// What the rules say of records of one layout, which is counted as <see cref="Evaluate(in FlowRecord, ReadOnlySpan{byte})"/> does. False, and nothing is done, if these
    /// rules must see decoded records, or there are too few of an unknown layout.
    /// </summary>
    /// <param name="layout">Of the records; it has all that they have.</param>
    /// <param name="records"><see cref="WireTest.MostRecords"/> at most.</param>
    /// <param name="among">Those of them that are asked about, a bit for each, the lowest for the first.</param>
    /// <param name="accepted">Those that are not discarded.</param>
    public bool TryEvaluate(WireLayout layout, ReadOnlySpan<byte> records, ulong among, out ulong accepted)
    {
        ArgumentNullException.ThrowIfNull(layout);
        accepted = 0;
        if (_runs is not { SuitsLogs: true } || (records.Length < FewRecords * layout.Length && !_runs.Knows(layout)))
            return false;
        FlowRecord nothing = default; // that they have in common, and not each
        _runs.Find(layout, in nothing, records, among);
        accepted = Settle(among, verdicts: default);
        return true;
    }

    /// <summary>The verdict on one of those records, the first being 0, until the next evaluation; <see cref="Tags"/> become those of that record.</summary>
    public Verdict VerdictOf(int record)
    {
        int count = 0;
        for (int rule = 0; rule < _verdicts.Length; rule++)
        {
            if ((_runs!.Matches[rule] >> record & 1) != 0)
                _matching[count++] = rule;
        }

        return Decide(_matching.AsSpan(0, count));
    }

    // What comes of the rules that match each of those records. Returns those that are accepted; verdicts are those of no rule at first, or nobody wants them.
    private ulong Settle(ulong among, Span<Verdict> verdicts)
    {
        ulong accepted = 0;
        ulong undecided = among;
        _evaluations += (ulong)BitOperations.PopCount(among);
        for (int rule = _verdicts.Length - 1; rule >= 0; rule--)
        {
            ulong matching = _runs!.Matches[rule];
            _counters[rule].Matches += (ulong)BitOperations.PopCount(matching);
            if (_verdicts[rule].Action == FilterAction.Match)
                continue;
            ulong decided = matching & undecided;
            undecided ^= decided;
            CountWins(rule, (ulong)BitOperations.PopCount(decided));
            if (_verdicts[rule].Action == FilterAction.Accept)
                accepted |= decided;
            if (!verdicts.IsEmpty)
                Put(decided, in _verdicts[rule], verdicts);
        }

        if (_anyMatchTags && !verdicts.IsEmpty)
            PutMatchTags(verdicts);
        return accepted | undecided;
    }

    private static void Put(ulong records, in Verdict verdict, Span<Verdict> verdicts)
    {
        for (; records != 0; records &= records - 1)
            verdicts[BitOperations.TrailingZeroCount(records)] = verdict;
    }

    // The last one counts, and only where the deciding rule has no tag.
    private void PutMatchTags(Span<Verdict> verdicts)
    {
        for (int rule = _verdicts.Length - 1; rule >= 0; rule--)
        {
            if (_verdicts[rule] is not { Action: FilterAction.Match, Tagged: true, Tag: var tag })
                continue;
            for (ulong records = _runs!.Matches[rule]; records != 0; records &= records - 1)
            {
                ref Verdict verdict = ref verdicts[BitOperations.TrailingZeroCount(records)];
                if (!verdict.Tagged)
                    verdict = verdict with { Tagged = true, Tag = tag };
            }
        }
    }

    private void CountWins(int rule, ulong count)
    {
        _counters[rule].Wins += count;
        _ended[rule] += count;
    }
}
