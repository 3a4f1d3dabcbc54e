using Flowd.Records;

namespace Flowd.Filter;

/// <summary>A <c>src</c> or <c>dst</c> clause: a network and, if one is given, a port. Each is negated for itself.</summary>
public readonly record struct EndpointClause(Clause<Prefix> Network, Clause<ushort>? Port = null);
