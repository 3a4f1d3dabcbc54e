using Flowd.Records;

namespace Flowd.Config;

/// <summary>A multicast group to join, on one interface or on the one that the system picks.</summary>
public sealed record JoinGroup(Address Group, string? Interface);
