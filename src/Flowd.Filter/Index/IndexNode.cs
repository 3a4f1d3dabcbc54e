namespace Flowd.Filter.Index;

/// <summary>
/// Some rows. Without a dimension: those of a slice, each of which is tried. Else the class of a record in that dimension leads to a node of those that it
/// leaves, and a second node has the rows that the dimension does not divide.
/// </summary>
internal readonly record struct IndexNode(int Dimension, ClassMap? Children, int Rest, int FirstRow, int EndRow)
{
    /// <summary>The node without rows.</summary>
    public const int None = 0;

    /// <summary>The node with all rows, if there are any.</summary>
    public const int Root = 1;

    public static IndexNode OfRows(int first, int end) => new(0, null, None, first, end);
}
