using System;
using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter;

/// <summary>The clauses of a rule about information elements, of which there may be several. Two are equal if they say the same.</summary>
public sealed class ElementClauses(IEnumerable<Clause<ElementTest>> clauses) : IEquatable<ElementClauses>
{
    public static readonly ElementClauses None = new([]);

    private readonly Clause<ElementTest>[] _clauses = [.. clauses];

    public IReadOnlyList<Clause<ElementTest>> All => _clauses;

    public ElementClauses With(Clause<ElementTest> clause) => new([.. _clauses, clause]);

    public bool Equals(ElementClauses? other) => other is not null && _clauses.SequenceEqual(other._clauses);

    public override bool Equals(object? obj) => Equals(obj as ElementClauses);

    public override int GetHashCode() => _clauses.Length;
}
