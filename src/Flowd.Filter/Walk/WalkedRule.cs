namespace Flowd.Filter.Walk;

/// <summary>One rule: a slice of each of the arrays of tests. A match of one that is quick ends the evaluation.</summary>
internal readonly record struct WalkedRule(int FirstNumber, int EndNumber, int FirstAddress, int EndAddress, int FirstOther, int EndOther, bool IsQuick);
