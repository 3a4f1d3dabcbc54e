using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Receive;

/// <summary>Who may send: the `flow source` lines. An empty list lets everybody. Asked before anything is kept about a sender.</summary>
public sealed class SourceList(IEnumerable<Prefix> allowed)
{
    private readonly Prefix[] _allowed = [.. allowed];

    public bool Allows(in Address source)
    {
        foreach (ref readonly Prefix prefix in _allowed.AsSpan())
        {
            if (prefix.Contains(source))
                return true;
        }

        return _allowed.Length == 0;
    }
}
