namespace Flowd.Filter.Index;

/// <summary>The way from the classes of a record to the rows that can match it, as <see cref="TreeBuilder"/> finds it.</summary>
/// <param name="Root">The node with all rows.</param>
/// <param name="Nodes">By their numbers.</param>
/// <param name="Rows">Those of the lists, one list after the other.</param>
/// <param name="Tests">What rows ask beside their first.</param>
internal sealed record RuleTree(int Root, IndexNode[] Nodes, IndexedRow[] Rows, ClassTest[] Tests);
