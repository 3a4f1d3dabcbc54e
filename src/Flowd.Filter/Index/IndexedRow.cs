namespace Flowd.Filter.Index;

/// <summary>
/// A row of a list, compiled so that most often nothing beside it is looked at: the test that holds for the fewest, if the way to the list leaves any to be
/// asked, and slices of the arrays of further tests and of other conditions.
/// </summary>
internal readonly record struct IndexedRow(RuleOfRow Of, bool IsLast, ClassTest? Test, int FirstTest, int EndTest, int FirstOther, int EndOther);

/// <summary>The rule of a row. IsAlone: it has no other row.</summary>
internal readonly record struct RuleOfRow(int Rule, bool IsQuick, bool IsAlone);
