using System;
using System.Numerics;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Rules asked of many records at once, which are not decoded: each record is a bit, and what is true of a rule is a mask.</summary>
public sealed partial class FilterProgram
{
    /// <summary>
    /// What the rules say of records of one layout, which is counted as <see cref="Evaluate"/> does. False, and nothing is done, if these rules must see decoded records,
    /// or there are too few of an unknown layout.
    /// </summary>
    /// <param name="layout">Of the records; it has all that they have.</param>
    /// <param name="records"><see cref="WireTest.MostRecords"/> at most.</param>
    /// <param name="among">Those of them that are asked about, a bit for each, the lowest for the first.</param>
    /// <param name="accepted">Those that are not discarded.</param>
    public bool TryEvaluate(WireLayout layout, ReadOnlySpan<byte> records, ulong among, out ulong accepted)
    {
        ArgumentNullException.ThrowIfNull(layout);
        accepted = 0;
        if (_runs is null || !_runs.TryFind(layout, records, among))
            return false;
        ulong undecided = among;
        _evaluations += (ulong)BitOperations.PopCount(among);
        for (int rule = _verdicts.Length - 1; rule >= 0; rule--)
        {
            ulong matching = _runs.Matches[rule];
            _counters[rule].Matches += (ulong)BitOperations.PopCount(matching);
            if (_verdicts[rule].Action == FilterAction.Match)
                continue;
            ulong decided = matching & undecided;
            undecided ^= decided;
            CountWins(rule, (ulong)BitOperations.PopCount(decided));
            if (_verdicts[rule].Action == FilterAction.Accept)
                accepted |= decided;
        }

        accepted |= undecided;
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

    private void CountWins(int rule, ulong count)
    {
        _counters[rule].Wins += count;
        _ended[rule] += count;
    }
}
