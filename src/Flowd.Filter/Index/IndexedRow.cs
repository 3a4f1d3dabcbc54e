namespace Flowd.Filter.Index;

/// <summary>A row, compiled: slices of the arrays of tests and of other conditions. IsAlone: its rule has no other.</summary>
internal readonly record struct IndexedRow(int Rule, bool IsQuick, bool IsAlone, int FirstTest, int EndTest, int FirstOther, int EndOther);
