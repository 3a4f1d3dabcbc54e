namespace Flowd.Filter;

/// <summary>One rule of a program: a slice of each of the arrays of tests, what a match says, and the tags it gives, which are few and often none.</summary>
internal readonly record struct CompiledRule(
    int FirstNumber, int EndNumber, int FirstAddress, int EndAddress, int FirstOther, int EndOther, bool Quick, Verdict Verdict, uint[] Tags);
