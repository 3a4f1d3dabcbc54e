using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>
/// Puts a record into classes, in each number and address that some row looks at; but in none before it is asked, and in each once. Records that are not decoded
/// are all put into classes at once, one dimension after the other.
/// </summary>
internal sealed class Classifier(IDimension[] dimensions)
{
    private const int Unknown = -1;

    // Those of one record stand together.
    private readonly int[] _classes = new int[dimensions.Length * WireTest.MostRecords];
    private int _first; // of the record that is asked about

    public bool SuitsRuns { get; } = Array.TrueForAll(dimensions, static dimension => dimension.SuitsRuns);

    /// <summary>A decoded record comes.</summary>
    public void Forget()
    {
        _first = 0;
        _classes.AsSpan(0, dimensions.Length).Fill(Unknown);
    }

    /// <summary>Records come that are not decoded, <see cref="WireTest.MostRecords"/> at most.</summary>
    public void Classify(WireLayout layout, in FlowRecord common, ReadOnlySpan<byte> records)
    {
        Span<int> classes = _classes.AsSpan(0, records.Length / layout.Length * dimensions.Length);
        for (int dimension = 0; dimension < dimensions.Length; dimension++)
            dimensions[dimension].Classify(layout, in common, records, classes[dimension..], dimensions.Length);
    }

    /// <summary>That one of them is next.</summary>
    public void Take(int record) => _first = record * dimensions.Length;

    public int ClassOf(int dimension, in FlowRecord record)
    {
        ref int known = ref _classes[_first + dimension];
        if (known == Unknown)
            known = dimensions[dimension].ClassOf(in record);
        return known;
    }
}
