using System;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Finds the rules that match a record. Allocates nothing then, and belongs to one thread.</summary>
internal interface IRuleFinder
{
    /// <summary>
    /// The rules that match, ascending, up to the first of them that is quick; valid until the next call. <paramref name="other"/>: the record's elements without a
    /// place of their own.
    /// </summary>
    ReadOnlySpan<int> Find(in FlowRecord record, ReadOnlySpan<byte> other);
}
