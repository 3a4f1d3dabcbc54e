using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Flowd.Filter.Index;

/// <summary>
/// Which class a number is in. Where the places are close together it looks up two tables, without a branch: the page of the number, of which equal ones
/// are kept once, and the class on the page. Elsewhere it searches the <see cref="Intervals"/>.
/// </summary>
internal sealed class ClassMap
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;
    private const int MostPages = 256;

    private readonly int[] _pages = [];
    private readonly int[] _classes;
    private readonly Intervals? _intervals;
    private readonly int _last;

    /// <summary>The places are ascending; the classes are those of the intervals between them, beginning with what is before the first.</summary>
    public ClassMap(ulong[] places, int[] classes)
    {
        _last = classes[^1];
        _classes = classes;
        if (places.Length == 0)
            return;
        if (places[^1] >> PageBits < MostPages)
            (_pages, _classes) = Paged(places, classes);
        else
            _intervals = new Intervals(places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // the loops over the records of a message consist of it
    public int ClassOf(ulong number)
    {
        int[] pages = _pages;
        ulong page = number >> PageBits;
        if (page < (uint)pages.Length)
            return _classes[unchecked(pages[(int)page] + (byte)number)];
        return _intervals is null ? _last : _classes[_intervals.IndexOf(number)];
    }

    private static (int[] Pages, int[] Classes) Paged(ulong[] places, int[] classes)
    {
        var pages = new int[places[^1] < PageSize ? 1 : MostPages];
        var kept = new List<int>();
        var uniform = new Dictionary<int, int>(); // pages of one class
        int next = 0;
        for (int page = 0; page < pages.Length; page++)
        {
            bool isUniform = next == places.Length || places[next] >> PageBits != (ulong)page;
            if (isUniform && uniform.TryGetValue(classes[next], out pages[page]))
                continue;
            pages[page] = kept.Count;
            if (isUniform)
                uniform.Add(classes[next], kept.Count);
            for (ulong number = (ulong)page * PageSize; number < ((ulong)page + 1) * PageSize; number++)
            {
                while (next < places.Length && places[next] <= number)
                    next++;
                kept.Add(classes[next]);
            }
        }

        return (pages, [.. kept]);
    }
}
