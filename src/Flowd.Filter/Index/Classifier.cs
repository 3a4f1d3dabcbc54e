using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>
/// Puts a record into classes, in each number and address that some row looks at; but in none before it is asked, and in each once. Numbers come first among the
/// dimensions, then addresses.
/// </summary>
internal sealed class Classifier(NumberDimension[] numbers, AddressDimension[] addresses)
{
    private const int Unknown = -1;

    private readonly int[] _classes = new int[numbers.Length + addresses.Length];

    /// <summary>The next record comes.</summary>
    public void Forget() => _classes.AsSpan().Fill(Unknown);

    public int ClassOf(int dimension, in FlowRecord record)
    {
        int known = _classes[dimension];
        return known != Unknown ? known : _classes[dimension] = Find(dimension, in record);
    }

    private int Find(int dimension, in FlowRecord record)
        => dimension < numbers.Length ? numbers[dimension].ClassOf(in record) : addresses[dimension - numbers.Length].ClassOf(in record);
}
