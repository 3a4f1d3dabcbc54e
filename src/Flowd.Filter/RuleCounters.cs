namespace Flowd.Filter;

/// <summary>How often a rule was looked at, how often it matched, and how often it decided.</summary>
public record struct RuleCounters(ulong Evaluations, ulong Matches, ulong Wins);
