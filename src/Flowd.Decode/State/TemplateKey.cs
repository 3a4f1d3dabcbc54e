using System;

namespace Flowd.Decode.State;

/// <summary>A space of template identifiers of one exporter. NetFlow v9 and IPFIX do not share one, whatever its number.</summary>
internal readonly record struct DomainKey(ushort Version, uint Number)
{
    // Seeded per process: strangers choose these numbers, and must not be able to choose the hash.
    public override int GetHashCode() => HashCode.Combine(Version, Number);
}

/// <summary>What names a template of one exporter. Data and options templates share their identifiers (RFC 7011 section 3.4.1).</summary>
internal readonly record struct TemplateKey(DomainKey Domain, ushort Id)
{
    public override int GetHashCode() => HashCode.Combine(Domain.Version, Domain.Number, Id);
}
