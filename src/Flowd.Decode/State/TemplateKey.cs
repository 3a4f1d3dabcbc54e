using System;

namespace Flowd.Decode.State;

/// <summary>An observation domain (v9: source id) of one exporter. NetFlow v9 and IPFIX do not share one, whatever its number.</summary>
internal readonly record struct DomainKey(ushort Version, uint Number)
{
    // Seeded per process: strangers choose these numbers, and must not be able to choose the hash.
    public override int GetHashCode() => HashCode.Combine(Version, Number);
}

/// <summary>A space of template identifiers of one exporter: a domain, within one connection if it has some (RFC 7011 section 8).</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Session">As in <see cref="DatagramOrigin.Session"/>.</param>
internal readonly record struct TemplateScope(DomainKey Domain, ulong Session)
{
    public override int GetHashCode() => HashCode.Combine(Domain.Version, Domain.Number, Session);
}

/// <summary>What names a template of one exporter. Data and options templates share their identifiers (RFC 7011 section 3.4.1).</summary>
internal readonly record struct TemplateKey(TemplateScope Scope, ushort Id)
{
    public override int GetHashCode() => HashCode.Combine(Scope.Domain.Version, Scope.Domain.Number, Scope.Session, Id);
}
