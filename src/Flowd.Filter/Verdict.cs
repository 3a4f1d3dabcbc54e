namespace Flowd.Filter;

/// <summary>
/// What the rules say of one record. Tag means something if Tagged: that of the deciding rule, else that of the last <c>match</c> rule that has one. Rule is
/// the index of the deciding rule, -1 if none matched.
/// </summary>
public readonly record struct Verdict(FilterAction Action, bool Tagged, uint Tag, int Rule);
