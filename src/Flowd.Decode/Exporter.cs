using System.Collections.Generic;
using System.Linq;
using Flowd.Decode.Pending;
using Flowd.Decode.Sampling;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>Someone who sends us datagrams, known by address: counters, streams and templates.</summary>
public sealed class Exporter
{
    private readonly ErrorCounters _errors = new();

    internal Exporter(Address address, FieldBudget budget, ChangeCounter changes, uint nowSeconds)
    {
        Address = address;
        Templates = new TemplateStore(budget, changes);
        Samplers = new SamplerTable(changes);
        FirstSeenSeconds = nowSeconds;
        LastSeenSeconds = nowSeconds;
        ByUse = new LinkedListNode<Exporter>(this);
        WithTemplates = new LinkedListNode<Exporter>(this);
    }

    public Address Address { get; }

    /// <summary>Its streams, the most recently used first. Not to be enumerated while datagrams are decoded.</summary>
    public IEnumerable<ExportStream> Streams => StreamStore.ByUse;

    /// <summary>Datagrams with a valid header.</summary>
    public ulong Datagrams { get; private set; }

    /// <summary>Records that were decoded from them.</summary>
    public ulong Records { get; private set; }

    /// <summary>The version word of the latest datagram.</summary>
    public ushort LastVersion { get; private set; }

    /// <summary>When the first and the latest datagram were received, in seconds since 1970-01-01 UTC.</summary>
    public uint FirstSeenSeconds { get; }
    public uint LastSeenSeconds { get; private set; }

    /// <summary>Data and options templates in force.</summary>
    public int TemplateCount => Templates.Count;

    /// <summary>Observation domains (v9: source ids) that have templates.</summary>
    public int DomainCount => Templates.DomainCount;

    /// <summary>Samplers whose rates it announced.</summary>
    public int SamplerCount => Samplers.Count;

    /// <summary>Templates that were given up to stay within the limits.</summary>
    public ulong TemplatesEvicted => Templates.Evicted;

    /// <summary>Templates that were given up because they were not announced again.</summary>
    public ulong TemplatesExpired => Templates.Expired;

    /// <summary>
    /// Elements of flows that have no section of their own in the log, with how many records had them, the most frequent first. Such elements are
    /// stored where LogFields.Other is.
    /// </summary>
    public IReadOnlyList<(uint Enterprise, ushort Id, ulong Records)> UnstoredElements
        => [.. Templates.Unstored.With(Templates.ByUse).Select(pair => (pair.Key.Enterprise, pair.Key.Id, pair.Value)).OrderByDescending(element => element.Value)];

    /// <summary>The sampling rate that the configuration gives it, whatever it says itself; 0 for none.</summary>
    internal uint FixedRate { get; set; }

    internal TemplateStore Templates { get; }

    internal SamplerTable Samplers { get; }

    /// <summary>Data that wait for their template; null if there are none.</summary>
    internal PendingOfExporter? Pending { get; set; }

    internal StreamStore StreamStore { get; } = new();

    /// <summary>Its places in the lists of <see cref="ExporterTable"/>.</summary>
    internal LinkedListNode<Exporter> ByUse { get; }
    internal LinkedListNode<Exporter> WithTemplates { get; }

    /// <summary>How often an error occurred in its datagrams, those with an invalid header excepted.</summary>
    public ulong ErrorCount(DecodeError error) => _errors[error];

    internal void CountDatagram(ushort version, uint nowSeconds)
    {
        Datagrams++;
        LastVersion = version;
        LastSeenSeconds = nowSeconds;
    }

    /// <summary>Puts back what was known of it in an earlier life.</summary>
    internal void Restore(uint lastSeenSeconds, ushort lastVersion)
    {
        LastSeenSeconds = lastSeenSeconds;
        LastVersion = lastVersion;
    }

    internal void CountRecords(int count) => Records += (ulong)count;

    internal void CountError(DecodeError error, ulong times) => _errors.Add(error, times);
}
