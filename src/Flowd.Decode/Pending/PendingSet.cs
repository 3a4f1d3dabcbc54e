using System;
using System.Collections.Generic;
using Flowd.Decode.State;

namespace Flowd.Decode.Pending;

/// <summary>A data set that came before its template, with what its message and datagram said. Octets: what follows the header of the set.</summary>
internal sealed class PendingSet
{
    /// <summary>Costs of its own besides its octets, about.</summary>
    private const int Overhead = 400;

    public PendingSet(Exporter exporter, TemplateKey key, in MessageHeader header, in DatagramOrigin origin, ReadOnlySpan<byte> octets)
    {
        Exporter = exporter;
        Key = key;
        Header = header;
        Origin = origin;
        Octets = octets.ToArray();
        ByAge = new LinkedListNode<PendingSet>(this);
        ByAgeOfExporter = new LinkedListNode<PendingSet>(this);
        ByAgeOfTemplate = new LinkedListNode<PendingSet>(this);
    }

    public Exporter Exporter { get; }
    public TemplateKey Key { get; }
    public MessageHeader Header { get; }
    public DatagramOrigin Origin { get; }
    public byte[] Octets { get; }

    /// <summary>What it counts of the room there is.</summary>
    public int Charge => ChargeOf(Octets.Length);

    /// <summary>The template that came in the end.</summary>
    public Template? Template { get; set; }

    /// <summary>Its places in the lists of <see cref="PendingSets"/>.</summary>
    public LinkedListNode<PendingSet> ByAge { get; }
    public LinkedListNode<PendingSet> ByAgeOfExporter { get; }
    public LinkedListNode<PendingSet> ByAgeOfTemplate { get; }

    public static int ChargeOf(int octets) => octets + Overhead;
}
