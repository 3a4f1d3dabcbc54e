using System.Collections.Generic;
using System.Linq;

namespace Flowd.Filter.Index;

/// <summary>
/// Builds the tree of nodes that leads from the classes of a record to the few rows that can match it. Each row of a node is put under the dimension that tells
/// it best from the others; the one that most rows are under divides the node. What no dimension divides stays a list, whose rows are asked only what the way
/// to it does not tell.
/// </summary>
internal sealed class TreeBuilder(TestedRow[] rows)
{
    /// <summary>So few rows are tried faster than divided.</summary>
    private const int FewRows = 8;

    // Rows may have copies under several classes. What they take is bounded, for the sake of sets that overlap without order; what is over stays lists.
    private const int MostCopiesOfRow = 64;
    private const int MostCopiesOfFew = 100_000;

    private readonly List<IndexNode> _nodes = [default];
    private readonly List<IndexedRow> _listed = [];
    private readonly List<ClassTest> _asked = [];
    private readonly Dictionary<(int Row, ulong Known), IndexedRow> _rowsAsking = [];
    private readonly Queue<Pending> _pending = [];
    private long _copiesLeft = (long)rows.Length * MostCopiesOfRow + MostCopiesOfFew;

    /// <summary>
    /// A node that is not made yet. Used: the dimensions that divided those above, a bit each. Known: those of them that led here, so that what the rows ask for
    /// in them is true.
    /// </summary>
    private readonly record struct Pending(int Node, List<int> Rows, ulong Used, ulong Known);

    public RuleTree Build()
    {
        int root = Add([.. Enumerable.Range(0, rows.Length)], 0, 0);
        while (_pending.TryDequeue(out Pending node))
            _nodes[node.Node] = BestOf(node) is { } division ? Divide(node, division) : new IndexNode(0, null, List(node.Rows, node.Known));
        return new RuleTree(root, [.. _nodes], [.. _listed], [.. _asked]);
    }

    // The nodes with many rows come first, so that it is small ones that the bound may hit.
    private int Add(List<int> some, ulong used, ulong known)
    {
        if (some.Count == 0)
            return IndexNode.None;
        if (some.Count <= FewRows)
            return List(some, known);
        _nodes.Add(default);
        _pending.Enqueue(new Pending(_nodes.Count - 1, some, used, known));
        return _nodes.Count - 1;
    }

    private int List(List<int> some, ulong known)
    {
        foreach (int row in some)
            _listed.Add(RowAsking(row, known) with { IsLast = row == some[^1] });
        return IndexNode.OfList(_listed.Count - some.Count);
    }

    // Copies of a row of which the same is known share their tests.
    private IndexedRow RowAsking(int row, ulong known)
    {
        ulong knownOfRow = rows[row].Tests.Aggregate(0ul, (all, test) => all | (known & 1ul << test.Dimension));
        if (_rowsAsking.TryGetValue((row, knownOfRow), out IndexedRow indexed))
            return indexed;
        int first = _asked.Count;
        ClassTest[] asked = [.. rows[row].Tests.Where(test => (knownOfRow >> test.Dimension & 1) == 0 || test != Telling(row, test.Dimension))];
        _asked.AddRange(asked.Skip(1));
        indexed = new IndexedRow(rows[row].Of, false, asked.Length > 0 ? asked[0] : null, first, _asked.Count, rows[row].FirstOther, rows[row].EndOther);
        _rowsAsking.Add((row, knownOfRow), indexed);
        return indexed;
    }

    private IndexNode Divide(in Pending node, Division division)
    {
        _copiesLeft -= division.Copies;
        ulong dimension = 1ul << division.Dimension;
        (ulong used, ulong known) = (node.Used | dimension, node.Known);
        int[] children = [.. division.RowsOfParts().Select(some => Add(some, used, known | dimension))];
        var divided = new HashSet<int>(division.Rows);
        int rest = Add([.. node.Rows.Where(row => !divided.Contains(row))], used, known);
        return new IndexNode(division.Dimension, division.MapTo(children), rest);
    }

    private Division? BestOf(in Pending node)
    {
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
        => node.Rows.SelectMany(row => rows[row].Tests.Where(test => !test.Negated && (node.Used >> test.Dimension & 1) == 0).Select(test => (test.Dimension, row)))
            .Distinct().GroupBy(static pair => pair.Dimension, static pair => pair.row);

    private Division DivisionOf(int dimension, IEnumerable<int> some)
    {
        List<int> list = [.. some.Order()];
        return new Division(dimension, list, [.. list.Select(row => Telling(row, dimension).Runs)]);
    }

    // Of several conditions in one dimension the first tells rows from others; what the rest say is asked in the end.
    private ClassTest Telling(int row, int dimension) => rows[row].Tests.First(test => test.Dimension == dimension && !test.Negated);
}
