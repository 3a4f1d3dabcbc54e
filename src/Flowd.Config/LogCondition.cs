using System;
using System.Linq;
using Flowd.Records;

namespace Flowd.Config;

/// <summary>What a flow must be for a log.</summary>
/// <param name="IsNegated">It must not.</param>
/// <param name="Tags">One of its tags is one of these. Empty if <paramref name="From"/> counts.</param>
/// <param name="From">Its exporter is one of these.</param>
public sealed record LogCondition(bool IsNegated, uint[] Tags, Prefix? From)
{
    public bool Equals(LogCondition? other)
        => other is not null && IsNegated == other.IsNegated && Tags.SequenceEqual(other.Tags) && From == other.From;

    public override int GetHashCode() => HashCode.Combine(IsNegated, Tags.Length, From);
}
