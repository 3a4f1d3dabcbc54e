namespace Flowd.Filter;

/// <summary>What the rules say of one record. Tag means something if Tagged; Rule is the index of the deciding rule, -1 if none matched.</summary>
public readonly record struct Verdict(FilterAction Action, bool Tagged, uint Tag, int Rule);
