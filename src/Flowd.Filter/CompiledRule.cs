namespace Flowd.Filter;

/// <summary>One rule of a program: a slice of each of the arrays of tests, and what a match says.</summary>
internal readonly record struct CompiledRule(int FirstNumber, int EndNumber, int FirstAddress, int EndAddress, int FirstExtended, int EndExtended, bool Quick, Verdict Verdict);
