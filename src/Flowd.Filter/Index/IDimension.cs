using System;
using Flowd.Records;

namespace Flowd.Filter.Index;

/// <summary>Something that rows look at in records, and which divides them into classes.</summary>
internal interface IDimension
{
    /// <summary>Whether records can be classified that are not decoded.</summary>
    bool SuitsRuns { get; }

    int ClassOf(in FlowRecord record);

    /// <summary>The classes of records that are not decoded, all of one layout.</summary>
    /// <param name="layout">Of the records.</param>
    /// <param name="common">What they have in common; it is described by the layout.</param>
    /// <param name="records">The records.</param>
    /// <param name="into">The class of the first record comes first, that of the next so many places on as there are dimensions.</param>
    /// <param name="dimensions">How many there are.</param>
    void Classify(WireLayout layout, in FlowRecord common, ReadOnlySpan<byte> records, Span<int> into, int dimensions);

    /// <summary>The same class for all.</summary>
    static void Fill(Span<int> into, int dimensions, int ofAll)
    {
        for (int at = 0; at < into.Length; at += dimensions)
            into[at] = ofAll;
    }
}
