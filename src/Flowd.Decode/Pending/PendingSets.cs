using System;
using System.Collections.Generic;
using Flowd.Decode.State;

namespace Flowd.Decode.Pending;

/// <summary>
/// Data sets that came before their template, as they do after every start: kept for a while, and decoded when it comes. Bounded by
/// <see cref="DecodeLimits.PendingOctets"/>, of which one exporter has a share, and <see cref="DecodeLimits.PendingSeconds"/>; the oldest go first.
/// </summary>
public sealed class PendingSets
{
    /// <summary>Which part of the room one exporter may take: who never sends templates must not push out the data of the others.</summary>
    private const int Share = 8;

    private readonly LinkedList<PendingSet> _byAge = new();
    private readonly Queue<PendingSet> _ready = new();

    internal PendingSets()
    {
    }

    /// <summary>Sets that wait for their template, and the octets that they take.</summary>
    public int Count => _byAge.Count;
    public int Octets { get; private set; }

    /// <summary>Sets that were kept so far, and what became of them: decoded, too old, or given up for want of room or with their exporter.</summary>
    public ulong Kept { get; private set; }
    public ulong Decoded { get; private set; }
    public ulong Expired { get; private set; }
    public ulong Dropped { get; private set; }

    /// <summary>Keeps a set, in place of older ones if there is no room.</summary>
    internal void Add(Exporter exporter, TemplateKey key, in MessageHeader header, in DatagramOrigin origin, ReadOnlySpan<byte> octets, DecodeLimits limits)
    {
        int share = Math.Max(limits.PendingOctets / Share, Math.Min(limits.PendingOctets, PendingSet.ChargeOf(ushort.MaxValue)));
        Kept++;
        if (PendingSet.ChargeOf(octets.Length) > share)
        {
            Dropped++;
            return;
        }

        var set = new PendingSet(exporter, key, header, origin, octets);
        PendingOfExporter own = exporter.Pending ??= new PendingOfExporter();
        own.Add(set);
        _byAge.AddLast(set.ByAge);
        Octets += set.Charge;
        while (own.Charge > share)
            Drop(own.ByAge.First!.Value);
        Shrink(limits.PendingOctets);
    }

    /// <summary>A template is in force: what waited for it is ready to be decoded.</summary>
    internal void Release(Exporter exporter, Template template)
    {
        while (exporter.Pending?.WaitingFor(template.Key)?.First is { Value: var set })
        {
            Remove(set);
            set.Template = template;
            _ready.Enqueue(set);
        }
    }

    internal bool IsAnyReady => _ready.Count > 0;

    internal PendingSet? TakeReady()
    {
        if (!_ready.TryDequeue(out PendingSet? set))
            return null;
        Decoded++;
        return set;
    }

    /// <summary>What nobody took before the next datagram is not wanted.</summary>
    internal void DropReady()
    {
        Dropped += (ulong)_ready.Count;
        _ready.Clear();
    }

    /// <summary>Gives up those that are older than that, in seconds.</summary>
    internal void Expire(uint nowSeconds, int age)
    {
        while (_byAge.First is { Value: var set } && (long)nowSeconds - set.Origin.ReceivedSeconds > age)
        {
            Remove(set);
            Expired++;
        }
    }

    internal void RemoveAll(Exporter exporter)
    {
        while (exporter.Pending?.ByAge.First is { } node)
            Drop(node.Value);
    }

    internal void Shrink(int octets)
    {
        while (Octets > octets && _byAge.First is { } oldest)
            Drop(oldest.Value);
    }

    private void Drop(PendingSet set)
    {
        Remove(set);
        Dropped++;
    }

    private void Remove(PendingSet set)
    {
        _byAge.Remove(set.ByAge);
        Octets -= set.Charge;
        PendingOfExporter own = set.Exporter.Pending!;
        own.Remove(set);
        if (own.ByAge.Count == 0)
            set.Exporter.Pending = null;
    }
}
