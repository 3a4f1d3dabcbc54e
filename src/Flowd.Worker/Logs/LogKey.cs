using Flowd.Records;

namespace Flowd.Worker.Logs;

/// <summary>What of a flow stands in the name of a log: %{exporter}, %{tag}. Nothing of both where the name has neither.</summary>
public readonly record struct LogKey(Address Exporter, uint? Tag);
