using System;

namespace Flowd.Monitor;

/// <summary>
/// Collects what the monitor leaves behind. It is little, some KiB a second at most, but the collector goes by the size of the processor's caches, and where
/// these are large it would let that grow for hours.
/// </summary>
internal sealed class MemoryKeeper : ITimed
{
    private const long MillisecondsBetween = 5 * 60_000;

    public long NextTick { get; private set; } = Environment.TickCount64 + MillisecondsBetween;

    public void Tick(long now)
    {
        GC.Collect(0);
        NextTick = now + MillisecondsBetween;
    }
}
