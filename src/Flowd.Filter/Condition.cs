using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter;

/// <summary>
/// What a rule asks of a flow: a tree of conditions, independent of how it is written. A record that does not have what a condition asks for does not
/// meet it, so it meets its opposite. Two are equal if they say the same in the same order.
/// </summary>
public abstract record Condition
{
    /// <summary>Every flow meets it.</summary>
    public static readonly Condition Always = new AllOf([]);

    /// <summary>All of them; what is such a condition itself is taken apart, so that there are none within each other.</summary>
    public static Condition All(IEnumerable<Condition> parts)
    {
        Condition[] flat = [.. parts.SelectMany(part => part is AllOf all ? all.Parts : [part])];
        return flat is [var only] ? only : new AllOf(flat);
    }

    /// <summary>At least one of them, of which there is one at least; taken apart in the same way.</summary>
    public static Condition Any(IEnumerable<Condition> parts)
    {
        Condition[] flat = [.. parts.SelectMany(part => part is AnyOf any ? any.Parts : [part])];
        return flat is [var only] ? only : new AnyOf(flat);
    }

    /// <summary>The opposite; what is one already becomes what it is the opposite of.</summary>
    public static Condition Opposite(Condition part) => part is Not not ? not.Part : new Not(part);

    /// <summary>This and all that it is made of.</summary>
    public IEnumerable<Condition> Tree() => this switch
    {
        AllOf all => all.Parts.SelectMany(part => part.Tree()).Prepend(this),
        AnyOf any => any.Parts.SelectMany(part => part.Tree()).Prepend(this),
        Not not => not.Part.Tree().Prepend(this),
        _ => [this],
    };
}

/// <summary>Made by <see cref="Condition.All"/>. Without parts every flow meets it.</summary>
public sealed record AllOf : Condition
{
    internal AllOf(Condition[] parts) => Parts = parts;

    public IReadOnlyList<Condition> Parts { get; }

    public bool Equals(AllOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Count;
}

/// <summary>Made by <see cref="Condition.Any"/>.</summary>
public sealed record AnyOf : Condition
{
    internal AnyOf(Condition[] parts) => Parts = parts;

    public IReadOnlyList<Condition> Parts { get; }

    public bool Equals(AnyOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Count;
}

/// <summary>Made by <see cref="Condition.Opposite"/>.</summary>
public sealed record Not : Condition
{
    internal Not(Condition part) => Part = part;

    public Condition Part { get; }
}
