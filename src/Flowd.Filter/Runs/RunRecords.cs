using System;
using Flowd.Records;

namespace Flowd.Filter.Runs;

/// <summary>Records of one layout that are not decoded, while conditions are asked about them.</summary>
internal readonly ref struct RunRecords
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly ref readonly FlowRecord _common;
    private readonly RunColumns _columns;
    private readonly ConditionEvaluator _evaluator;

    /// <param name="records">The records, <see cref="WireTest.MostRecords"/> at most.</param>
    /// <param name="common">What they have in common; it is described by their layout.</param>
    /// <param name="columns">Of their layout.</param>
    /// <param name="evaluator">For what is asked of all together.</param>
    public RunRecords(ReadOnlySpan<byte> records, ref readonly FlowRecord common, RunColumns columns, ConditionEvaluator evaluator)
    {
        _records = records;
        _common = ref common;
        _columns = columns;
        _evaluator = evaluator;
        columns.Begin(records.Length / columns.Layout.Length);
    }

    public ReadOnlySpan<uint> ColumnOf(in WireWindow window, int column) => _columns.Gather(in window, column, _records);

    public bool Holds(Condition condition) => _evaluator.Holds(condition, in _common, other: default);
}
