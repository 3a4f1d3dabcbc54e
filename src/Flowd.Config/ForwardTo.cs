using Flowd.Records;

namespace Flowd.Config;

/// <summary>Where to send verbatim copies of all datagrams. Zone: the interface of a link-local address. Anonymize: how the addresses in them are changed.</summary>
public sealed record ForwardTo(Address Address, string? Zone, ushort Port, Anonymization? Anonymize = null);
