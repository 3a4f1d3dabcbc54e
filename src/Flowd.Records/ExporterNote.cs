namespace Flowd.Records;

/// <summary>What an exporter tells that is no flow.</summary>
public enum NoteKind : byte
{
    /// <summary>A record of options (RFC 7011 section 3.4.2.2): names of interfaces, applications and VRFs, statistics of the exporter, and so on.</summary>
    Options,

    /// <summary>Counters of an interface or of a device, in sFlow.</summary>
    Counters,
}

/// <summary>
/// One thing that an exporter tells beside flows. Version, Domain: as in flow records; for sFlow Domain is the sub-agent. Number: the template
/// of options, the format of counters. Source: of counters, type &lt;&lt; 24 | index. Scope: how many of the elements are the scope of options.
/// Offset, Length: where its octets are in the <see cref="NoteBatch"/>: elements as <see cref="OtherElements"/> has them, or counters as they came.
/// </summary>
public readonly record struct ExporterNote(NoteKind Kind, ushort Version, uint Domain, uint Number, uint Source, int Scope, Address Agent, int Offset, int Length);
