using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter.Index;

/// <summary>
/// Builds the tree of nodes that leads from the classes of a record to the few rows that can match it. Each row of a node is put under the dimension that tells
/// it best from the others; the one that most rows are under divides the node. What no dimension divides stays a list.
/// </summary>
internal sealed class TreeBuilder(IndexedRow[] rows, ClassTest[] tests)
{
    /// <summary>So few rows are tried faster than divided.</summary>
    private const int FewRows = 8;

    // Rows may have copies under several classes. What they take is bounded, for the sake of sets that overlap without order; what is over stays lists.
    private const int MostCopiesOfRow = 64;
    private const int MostCopiesOfFew = 100_000;

    private readonly List<IndexNode> _nodes = [IndexNode.OfRows(0, 0)];
    private readonly List<IndexedRow> _listed = [];
    private readonly Queue<Pending> _pending = [];
    private long _copiesLeft = (long)rows.Length * MostCopiesOfRow + MostCopiesOfFew;

    /// <summary>A node that is not made yet. Used: the dimensions that divided those above, a bit each.</summary>
    private readonly record struct Pending(int Node, List<int> Rows, ulong Used);

    /// <summary>The nodes, of which <see cref="IndexNode.Root"/> has all rows, and the rows of those that are lists.</summary>
    public (IndexNode[] Nodes, IndexedRow[] Rows) Build()
    {
        Add([.. Enumerable.Range(0, rows.Length)], 0);
        while (_pending.TryDequeue(out Pending node))
            _nodes[node.Node] = BestOf(node) is { } division ? Divide(node, division) : List(node.Rows);
        return ([.. _nodes], [.. _listed]);
    }

    // The nodes with many rows come first, so that it is small ones that the bound may hit.
    private int Add(List<int> some, ulong used)
    {
        if (some.Count == 0)
            return IndexNode.None;
        _nodes.Add(default);
        _pending.Enqueue(new Pending(_nodes.Count - 1, some, used));
        return _nodes.Count - 1;
    }

    private IndexNode List(List<int> some)
    {
        _listed.AddRange(some.Select(row => rows[row]));
        return IndexNode.OfRows(_listed.Count - some.Count, _listed.Count);
    }

    private IndexNode Divide(in Pending node, Division division)
    {
        _copiesLeft -= division.Copies;
        ulong used = node.Used | 1ul << division.Dimension;
        int[] children = [.. division.RowsOfParts().Select(some => Add(some, used))];
        var divided = new HashSet<int>(division.Rows);
        int rest = Add([.. node.Rows.Where(row => !divided.Contains(row))], used);
        return new IndexNode(division.Dimension, division.MapTo(children), rest, 0, 0);
    }

    private Division? BestOf(in Pending node)
    {
        if (node.Rows.Count <= FewRows)
            return null;
        Division? best = RowsUnderBest(node).OrderByDescending(static rows => rows.Count()).Select(rows => DivisionOf(rows.Key, rows)).FirstOrDefault();
        return best is not null && best.Copies <= _copiesLeft ? best : null;
    }

    // The rows of a node by the dimension that tells them best from the others, without those that no dimension tells from even half of them.
    private IEnumerable<IGrouping<int, int>> RowsUnderBest(Pending node)
    {
        var best = new Dictionary<int, (int Dimension, long Cost)>();
        foreach (IGrouping<int, int> asking in RowsByDimension(node))
        {
            Division division = DivisionOf(asking.Key, asking);
            for (int i = 0; i < division.Rows.Count; i++)
            {
                long cost = division.CostOf(i);
                if (cost <= node.Rows.Count / 2 && (!best.TryGetValue(division.Rows[i], out (int Dimension, long Cost) before) || cost < before.Cost))
                    best[division.Rows[i]] = (asking.Key, cost);
            }
        }

        return best.GroupBy(static row => row.Value.Dimension, static row => row.Key);
    }

    private IEnumerable<IGrouping<int, int>> RowsByDimension(Pending node)
        => node.Rows.SelectMany(row => TestsOf(row).Where(test => !test.Negated && (node.Used >> test.Dimension & 1) == 0).Select(test => (test.Dimension, row)))
            .Distinct().GroupBy(static pair => pair.Dimension, static pair => pair.row);

    // Of several conditions in one dimension the first counts; they all are asked in the end.
    private Division DivisionOf(int dimension, IEnumerable<int> some)
    {
        List<int> list = [.. some.Order()];
        return new Division(dimension, list, [.. list.Select(row => TestsOf(row).First(test => test.Dimension == dimension && !test.Negated).Runs)]);
    }

    private IEnumerable<ClassTest> TestsOf(int row)
    {
        for (int i = rows[row].FirstTest; i < rows[row].EndTest; i++)
            yield return tests[i];
    }
}
