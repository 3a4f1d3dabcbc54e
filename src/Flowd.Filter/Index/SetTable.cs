using System;
using System.Collections.Generic;

namespace Flowd.Filter.Index;

/// <summary>The sets that rows ask for in one dimension, each once.</summary>
internal sealed class SetTable<TSet>
    where TSet : IEquatable<TSet>
{
    private readonly Dictionary<TSet, int> _numbers = [];

    /// <summary>The dimension's number, once it has one.</summary>
    public int Dimension { get; set; }

    public List<TSet> Sets { get; } = [];

    public void Add(TSet set)
    {
        if (_numbers.TryAdd(set, Sets.Count))
            Sets.Add(set);
    }

    public int NumberOf(TSet set) => _numbers[set];
}
