namespace Flowd.Filter;

/// <summary>One rule of a program: two slices of the arrays of tests, and what a match says.</summary>
internal readonly record struct CompiledRule(int FirstNumber, int EndNumber, int FirstAddress, int EndAddress, bool Quick, Verdict Verdict);
