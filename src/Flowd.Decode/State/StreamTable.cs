using System;
using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>The streams of all exporters, in order of use.</summary>
internal sealed class StreamTable
{
    private readonly LinkedList<ExportStream> _byUse = new();

    public int Count => _byUse.Count;

    public ulong Evicted { get; private set; }

    /// <summary>The stream with that key, made if it is new, now the most recently used one.</summary>
    public ExportStream Admit(Exporter exporter, DomainKey key, DecodeLimits limits)
    {
        if (exporter.StreamStore.Use(key) is { } known)
        {
            _byUse.MoveToFront(known.ByUse);
            return known;
        }

        Shrink(exporter, Math.Max(limits.Domains, 1) - 1);
        Shrink(Math.Max(limits.Streams, 1) - 1);
        var stream = new ExportStream(exporter, key);
        exporter.StreamStore.Add(stream);
        _byUse.AddFirst(stream.ByUse);
        return stream;
    }

    /// <summary>Evicts the streams of one exporter that were used least recently.</summary>
    public void Shrink(Exporter exporter, int keep)
    {
        while (exporter.StreamStore.Count > keep && exporter.StreamStore.ByUse.Last is { } oldest)
            Evict(oldest.Value);
    }

    /// <summary>Evicts the streams of all exporters that were used least recently.</summary>
    public void Shrink(int keep)
    {
        while (_byUse.Count > keep && _byUse.Last is { } oldest)
            Evict(oldest.Value);
    }

    /// <summary>Forgets the streams of an exporter that is forgotten.</summary>
    public void RemoveAll(Exporter exporter)
    {
        while (exporter.StreamStore.ByUse.Last is { } oldest)
            Remove(oldest.Value);
    }

    private void Evict(ExportStream stream)
    {
        Remove(stream);
        Evicted++;
    }

    private void Remove(ExportStream stream)
    {
        stream.Exporter.StreamStore.Remove(stream);
        _byUse.Remove(stream.ByUse);
        stream.IsForgotten = true;
    }
}
