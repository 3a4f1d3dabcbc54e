using Flowd.Records;

namespace Flowd.Config;

/// <summary><c>sampling-rate RATE [for PREFIX]</c>: one of so many packets. With a prefix, of its exporters, whatever they say; else of those that say nothing.</summary>
public sealed record ConfiguredSampling(uint Rate, Prefix? Exporters = null);
