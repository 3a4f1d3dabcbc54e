using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Flowd.Filter.Index;

/// <summary>
/// Divides numbers into classes: two are in the same if the same of some sets hold both. Class 0 is what no set holds. Lines of different numbers may share
/// the classes, as IPv4 and IPv6 do.
/// </summary>
internal sealed class SetClasses(int sets)
{
    private readonly Dictionary<UInt128, int> _classes = new() { [UInt128.Zero] = 0 };
    private readonly List<int>?[] _runs = new List<int>?[sets];

    // The number of classes when the set was entered last; -1 outside of it.
    private readonly int[] _since = CreateSince(sets);

    // The exclusive or of the marks of all sets that hold the place: 128 random bits each, so that no two collections of sets have the same.
    private UInt128 _covering;

    public int Count => _classes.Count;

    /// <summary>
    /// Where the set begins and ends in classes, in turn, ascending: it holds the classes from runs[0] up to and without runs[1], and so on. A class that lies in
    /// a set is first met within it, so these are the classes that were new while the line went through the set.
    /// </summary>
    public int[] RunsOf(int set) => _runs[set] is { } runs ? [.. runs] : [];

    /// <summary>
    /// Goes along a line once. Returns where it is cut, ascending, and the class of each piece, beginning with what is before the first place.
    /// <paramref name="edgesOf"/>: where numbers begin to be in a set and where they cease to be, in turn, ascending.
    /// </summary>
    public (T[] Places, int[] Classes) Cut<T>(Func<int, T[]> edgesOf)
        where T : struct, IBinaryInteger<T>
    {
        (T[] edges, int[] owners) = Edges(edgesOf);
        var places = new List<T>();
        var classes = new List<int> { 0 };
        for (int i = 0; i < edges.Length;)
        {
            T place = edges[i];
            do
                Cross(owners[i++]);
            while (i < edges.Length && edges[i] == place);
            int here = ClassHere();
            if (here == classes[^1])
                continue;
            places.Add(place);
            classes.Add(here);
        }

        LeaveAll();
        return ([.. places], [.. classes]);
    }

    private (T[] Edges, int[] Owners) Edges<T>(Func<int, T[]> edgesOf)
        where T : struct, IBinaryInteger<T>
    {
        T[][] edgesOfSets = [.. Enumerable.Range(0, sets).Select(edgesOf)];
        int count = edgesOfSets.Sum(static edges => edges.Length);
        var all = new T[count];
        var owners = new int[count];
        int end = 0;
        bool ascending = true;
        for (int set = 0; set < sets; set++)
        {
            T[] edges = edgesOfSets[set];
            if (edges.Length == 0)
                continue;
            ascending &= end == 0 || all[end - 1] <= edges[0];
            edges.CopyTo(all, end);
            owners.AsSpan(end, edges.Length).Fill(set);
            end += edges.Length;
        }

        if (!ascending)
            Array.Sort(all, owners);
        return (all, owners);
    }

    private void Cross(int set)
    {
        _covering ^= MarkOf(set);
        if (_since[set] < 0)
        {
            _since[set] = Count;
            return;
        }

        if (_since[set] < Count)
            AddRun(_runs[set] ??= new List<int>(2), _since[set], Count);
        _since[set] = -1;
    }

    private static void AddRun(List<int> runs, int begin, int end)
    {
        if (runs.Count > 0 && runs[^1] == begin)
            runs[^1] = end;
        else
            runs.AddRange([begin, end]);
    }

    private int ClassHere()
    {
        if (!_classes.TryGetValue(_covering, out int here))
            _classes.Add(_covering, here = _classes.Count);
        return here;
    }

    // The line is at its end.
    private void LeaveAll()
    {
        for (int set = 0; set < sets && _covering != UInt128.Zero; set++)
        {
            if (_since[set] >= 0)
                Cross(set);
        }
    }

    private static int[] CreateSince(int sets)
    {
        var since = new int[sets];
        Array.Fill(since, -1);
        return since;
    }

    private static UInt128 MarkOf(int set) => new(Mix(2 * (ulong)set + 1), Mix(2 * (ulong)set + 2));

    // SplitMix64.
    private static ulong Mix(ulong number)
    {
        unchecked
        {
            ulong z = number * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
