using System;
using System.Collections.Generic;
using Flowd.Decode.State;

namespace Flowd.Decode.Sampling;

/// <summary>A sampler or selector of a domain; 0 is the one of an exporter that gives them no numbers.</summary>
internal readonly record struct SamplerKey(DomainKey Domain, ulong Id)
{
    public override int GetHashCode() => HashCode.Combine(Domain.Version, Domain.Number, Id);
}

/// <summary>The sampling rates that an exporter announced in options. Of more than fit, the one that was announced first goes.</summary>
internal sealed class SamplerTable(ChangeCounter changes)
{
    private readonly Dictionary<SamplerKey, SamplingRate> _rates = [];
    private readonly Queue<SamplerKey> _byAge = new();

    public int Count => _rates.Count;

    /// <summary>All samplers, the one that was announced first coming first.</summary>
    public IEnumerable<SamplerKey> ByAge => _byAge;

    public SamplingRate this[SamplerKey key] => _rates[key];

    /// <summary>Notes a rate; no more than <paramref name="most"/> are kept.</summary>
    public void Set(SamplerKey key, SamplingRate rate, int most)
    {
        bool isKnown = _rates.TryGetValue(key, out SamplingRate known);
        if (isKnown && known == rate)
            return; // most are repetitions
        if (!isKnown)
        {
            Shrink(Math.Max(most, 1) - 1);
            _byAge.Enqueue(key);
        }

        _rates[key] = rate;
        changes.Count++;
    }

    public void Shrink(int keep)
    {
        while (_byAge.Count > keep)
        {
            _rates.Remove(_byAge.Dequeue());
            changes.Count++;
        }
    }

    /// <summary>
    /// The rate that a record was sampled at, or null if nothing is known. What the record itself says comes first, then its sampler, then
    /// the samplers of its domain, of domain 0, and of the whole exporter. Of several samplers of a domain it is the one with the lowest
    /// number. Walks over all samplers if the record names none.
    /// </summary>
    public SamplingRate? RateOf(DomainKey domain, in SamplingValues record = default)
    {
        if (record.Rate is { } own)
            return own;
        if (Count == 0)
            return null;
        if (record.Sampler is { } id && _rates.TryGetValue(new SamplerKey(domain, id), out SamplingRate rate))
            return rate;
        return First(key => key.Domain == domain) ?? First(static key => key.Domain.Number == 0) ?? First(static _ => true);
    }

    private SamplingRate? First(Func<SamplerKey, bool> match)
    {
        SamplerKey? first = null;
        foreach (SamplerKey key in _byAge)
        {
            if (match(key) && (first is null || Precedes(key, first.Value)))
                first = key;
        }

        return first is null ? null : _rates[first.Value];
    }

    private static bool Precedes(SamplerKey a, SamplerKey b)
        => (a.Id, a.Domain.Number, a.Domain.Version).CompareTo((b.Id, b.Domain.Number, b.Domain.Version)) < 0;
}
