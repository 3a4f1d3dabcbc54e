using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>The streams of one exporter, in order of use. <see cref="StreamTable"/> sees to the limits, and is the only one to change it.</summary>
internal sealed class StreamStore
{
    private readonly Dictionary<DomainKey, ExportStream> _streams = [];

    public int Count => _streams.Count;

    public LinkedList<ExportStream> ByUse { get; } = new();

    /// <summary>Finds a stream and makes it the last that will be evicted.</summary>
    public ExportStream? Use(DomainKey key)
    {
        if (ByUse.First is { } latest && latest.Value.Key == key) // most exporters have one
            return latest.Value;
        if (!_streams.TryGetValue(key, out ExportStream? stream))
            return null;
        ByUse.MoveToFront(stream.ByUseOfExporter);
        return stream;
    }

    public void Add(ExportStream stream)
    {
        _streams.Add(stream.Key, stream);
        ByUse.AddFirst(stream.ByUseOfExporter);
    }

    public void Remove(ExportStream stream)
    {
        _streams.Remove(stream.Key);
        ByUse.Remove(stream.ByUseOfExporter);
    }
}
