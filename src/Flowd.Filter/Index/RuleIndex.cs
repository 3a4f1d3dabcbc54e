using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>
/// Finds the rules that match a record, at a cost that depends on how many those are rather than on how many there are in all. A record is put into a class in each
/// dimension, the classes lead through a tree to the rows that can match, and these are tried. Finding allocates nothing; an index belongs to one thread.
/// </summary>
internal sealed class RuleIndex : IRuleFinder
{
    private readonly Classifier _classifier;
    private readonly Condition[] _others;
    private readonly ConditionEvaluator _evaluator;
    private readonly RuleTree _tree;

    // Rules found so far, and the first of them that is quick: what comes after it does not count.
    private readonly int[] _found;
    private int _count;
    private int _end;

    private FlowRecord _common; // of records that are not decoded

    // When a rule with several rows was found last, so that it is found once.
    private readonly ulong[] _foundAt;
    private ulong _now;

    private RuleIndex(IReadOnlyList<RowsOfRule> rules, ConditionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var builder = new ClassifierBuilder(rules.SelectMany(static rule => rule.Rows), evaluator.Clock);
        var rows = new List<TestedRow>();
        var others = new List<Condition>();
        for (int rule = 0; rule < rules.Count; rule++)
        {
            var ofRow = new RuleOfRow(rule, rules[rule].IsQuick, IsAlone: rules[rule].Rows.Count == 1);
            foreach (Row row in rules[rule].Rows)
            {
                int firstOther = others.Count;
                others.AddRange(row.Others);
                rows.Add(new TestedRow(ofRow, [.. builder.TestsOf(row)], firstOther, others.Count));
            }
        }

        (_classifier, _others, _evaluator) = (builder.Classifier, [.. others], evaluator);
        _tree = new TreeBuilder([.. rows]).Build();
        _found = new int[rules.Count];
        _foundAt = new ulong[rules.Count];
    }

    public static RuleIndex Of(IEnumerable<FilterRule> rules, TimeZoneInfo zone)
    {
        var compiler = new RowCompiler(zone);
        return new RuleIndex([.. rules.Select(rule => new RowsOfRule(compiler.RowsOf(rule.When), rule.EndsEvaluation))], new ConditionEvaluator(zone));
    }

    public ReadOnlySpan<int> Find(in FlowRecord record, ReadOnlySpan<byte> other)
    {
        _classifier.Forget();
        return FindNext(in record, other);
    }

    /// <summary>Whether the rules can be asked about records that are not decoded.</summary>
    public bool SuitsRuns => _others.Length == 0 && _classifier.SuitsRuns;

    /// <summary>Such records come, <see cref="WireTest.MostRecords"/> at most, all of one layout.</summary>
    public void Begin(WireLayout layout, in FlowRecord blank, ReadOnlySpan<byte> records)
    {
        _common = blank;
        layout.Describe(ref _common);
        _classifier.Classify(layout, in _common, records);
    }

    /// <summary>The same as for decoded ones, for one of them, the first being 0.</summary>
    public ReadOnlySpan<int> Find(int record)
    {
        _classifier.Take(record);
        return FindNext(in _common, other: default);
    }

    private ReadOnlySpan<int> FindNext(in FlowRecord record, ReadOnlySpan<byte> other)
    {
        _count = 0;
        _end = int.MaxValue;
        _now++;
        Visit(_tree.Root, in record, other);
        Span<int> found = _found.AsSpan(0, _count);
        if (_count > 1)
            found.Sort();
        return _end == int.MaxValue ? found : found[..(found.IndexOf(_end) + 1)];
    }

    private void Visit(int node, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        while (node > IndexNode.None)
        {
            (int dimension, ClassMap? children, int rest) = _tree.Nodes[node];
            if (children is not null && rest != IndexNode.None)
                Visit(rest, in record, other);
            node = children is null ? rest : children.ClassOf((uint)_classifier.ClassOf(dimension, in record));
        }

        if (node < IndexNode.None)
            Try(IndexNode.FirstOf(node), in record, other);
    }

    private void Try(int first, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        foreach (ref readonly IndexedRow row in _tree.Rows.AsSpan(first))
        {
            if (row.Of.Rule > _end)
                return; // so are all that follow
            if (Holds(in row, in record, other) && (row.Of.IsAlone || !IsFoundBefore(row.Of.Rule)))
                Add(row.Of);
            if (row.IsLast)
                return;
        }
    }

    private void Add(RuleOfRow row)
    {
        _found[_count++] = row.Rule;
        if (row.IsQuick)
            _end = row.Rule;
    }

    private bool IsFoundBefore(int rule)
    {
        bool isFound = _foundAt[rule] == _now;
        _foundAt[rule] = _now;
        return isFound;
    }

    private bool Holds(in IndexedRow row, in FlowRecord record, ReadOnlySpan<byte> other)
    {
        if (row.Test is { } first && !Holds(in first, in record))
            return false;
        for (int i = row.FirstTest; i < row.EndTest; i++)
        {
            if (!Holds(in _tree.Tests[i], in record))
                return false;
        }

        for (int i = row.FirstOther; i < row.EndOther; i++)
        {
            if (!_evaluator.Holds(_others[i], in record, other))
                return false;
        }

        return true;
    }

    private bool Holds(in ClassTest test, in FlowRecord record) => test.Holds(_classifier.ClassOf(test.Dimension, in record));
}
