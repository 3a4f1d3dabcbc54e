namespace Flowd.Filter;

/// <summary>The ends of a flow as they are behind a translator.</summary>
public readonly record struct NatClause(EndpointClause? Source, EndpointClause? Destination);
