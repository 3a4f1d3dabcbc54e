using Flowd.Filter;

namespace Flowd.Config;

/// <summary>A <c>table</c> line: addresses that rules call by a name. File: the path that they come from, null if the line has them itself.</summary>
public sealed record PrefixTable(string Name, string? File, PrefixSet Prefixes);
