using System;

namespace Flowd.Worker;

/// <summary>
/// Has the worker give back memory where much was let go at once. The collector goes by the size of the processor's caches, and where these are large it would
/// keep it.
/// </summary>
internal sealed class HeapKeeper
{
    /// <summary>Exporters, of some 3 KiB each.</summary>
    private const ulong EvictionsToCollect = 8192;

    private ulong _evicted;

    /// <summary>Compiling thousands of rules leaves a hundred MiB behind, and nothing will ask for it again.</summary>
    public static void AfterCompiling() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);

    /// <summary>A flood from ever new addresses makes thousands of exporters old that are forgotten then: ten times as much as is kept.</summary>
    /// <param name="evicted">Exporters that were forgotten up to now.</param>
    public void AfterEvicting(ulong evicted)
    {
        if (evicted - _evicted < EvictionsToCollect)
            return;
        GC.Collect();
        _evicted = evicted;
    }
}
