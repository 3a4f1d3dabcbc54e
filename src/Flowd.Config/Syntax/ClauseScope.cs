using System;
using System.Collections.Generic;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>Clauses that stand beside each other: each at most once, and "after" and "before" are two ends of one condition.</summary>
internal sealed class ClauseScope
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public List<Condition> Parts { get; } = [];

    /// <summary>False if one of that name stood here before.</summary>
    public bool TryEnter(string name) => _seen.Add(name);

    /// <summary>Where the other end of a window stands among the parts; -1 if it has not come yet.</summary>
    public int IndexOf<T>()
        where T : Condition => Parts.FindIndex(part => part is T);
}
