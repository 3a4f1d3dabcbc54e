using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter;

/// <summary>One rule (flowd.conf(5), "FILTER"): what it asks, and what becomes of the flows that it matches.</summary>
public sealed record FilterRule
{
    public FilterAction Action { get; init; }

    /// <summary>Not in rules that discard. The first is that of the record, if the rule decides.</summary>
    public IReadOnlyList<uint> Tags { get; init; } = [];

    /// <summary>A match ends the evaluation. Not in rules that decide nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>What people call it; null if it has no name.</summary>
    public string? Label { get; init; }

    /// <summary><see cref="Condition.Always"/>: all.</summary>
    public Condition When { get; init; } = Condition.Always;

    /// <summary>Quick, and decides.</summary>
    internal bool EndsEvaluation => Quick && Action != FilterAction.Match;

    public bool Equals(FilterRule? other)
        => other is not null && Action == other.Action && Tags.SequenceEqual(other.Tags) && Quick == other.Quick && Label == other.Label && When == other.When;

    public override int GetHashCode() => HashCode.Combine(Action, Tags.Count, Quick, Label, When);
}
