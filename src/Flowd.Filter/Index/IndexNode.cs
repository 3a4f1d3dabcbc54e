namespace Flowd.Filter.Index;

/// <summary>
/// Some rows, divided: the class of a record in the dimension leads to the node of those that it leaves, and a second node has the rows that the dimension does
/// not divide, which are all of them where there are no children. A few rows have no node: in its place stands their list, each of which is tried.
/// </summary>
internal readonly record struct IndexNode(int Dimension, ClassMap? Children, int Rest)
{
    /// <summary>The node without rows.</summary>
    public const int None = 0;

    /// <summary>In place of a node, and below <see cref="None"/>: the list that begins with this row.</summary>
    public static int OfList(int first) => ~first;

    /// <summary>Where that list begins.</summary>
    public static int FirstOf(int list) => ~list;
}
