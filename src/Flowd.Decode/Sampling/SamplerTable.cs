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

    /// <summary>The rate of such a sampler or of one that stands for it, as <see cref="Find"/> has it; a rate of the record itself comes first.</summary>
    public SamplingRate? RateOf(DomainKey domain, in SamplingValues record = default)
        => record.Rate ?? (Find(domain, record.Sampler) is { } key ? _rates[key] : null);

    /// <summary>
    /// The sampler that a record went through, or null if nothing is known. The one that it names comes first, then
    /// the samplers of its domain, of domain 0, and of the whole exporter. Of several samplers of a domain it is the one with the lowest
    /// number. Walks over all samplers if the record names none.
    /// </summary>
    public SamplerKey? Find(DomainKey domain, ulong? sampler)
    {
        if (Count == 0)
            return null;
        if (sampler is { } id && _rates.ContainsKey(new SamplerKey(domain, id)))
            return new SamplerKey(domain, id);
        return First(static (key, domain) => key.Domain == domain, domain) ?? First(static (key, _) => key.Domain.Number == 0, domain) ?? First(static (_, _) => true, domain);
    }

    private SamplerKey? First(Func<SamplerKey, DomainKey, bool> match, DomainKey domain)
    {
        SamplerKey? first = null;
        foreach (SamplerKey key in _byAge)
        {
            if (match(key, domain) && (first is null || Precedes(key, first.Value)))
                first = key;
        }

        return first;
    }

    private static bool Precedes(SamplerKey a, SamplerKey b)
        => (a.Id, a.Domain.Number, a.Domain.Version).CompareTo((b.Id, b.Domain.Number, b.Domain.Version)) < 0;
}
