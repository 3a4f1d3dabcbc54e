using System;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>A test of what version 3.1 of the log adds. Other: the record's elements without a place of their own.</summary>
internal delegate bool RecordTest(in FlowRecord record, ReadOnlySpan<byte> other);

/// <summary>A compiled clause that is neither about a single number nor about an address. Few rules have one, so it may cost a call.</summary>
internal readonly record struct ExtendedTest(RecordTest Test, bool Negated)
{
    public bool Holds(in FlowRecord record, ReadOnlySpan<byte> other) => Test(in record, other) != Negated;
}
