namespace Flowd.Filter.Index;

/// <summary>A row whose conditions are tests, the one that holds for the fewest first, and a slice of the array of others.</summary>
internal readonly record struct TestedRow(RuleOfRow Of, ClassTest[] Tests, int FirstOther, int EndOther);
