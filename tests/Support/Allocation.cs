using System;
using System.Linq;

namespace Flowd.Tests;

/// <summary>What some work allocates on the heap of the runtime.</summary>
internal static class Allocation
{
    /// <summary>Octets, the least of five runs: what runs often is compiled again, and that allocates, once.</summary>
    public static long LeastOf(Action work) => Enumerable.Range(0, 5).Min(_ => Of(work));

    /// <summary>Octets.</summary>
    public static long Of(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
