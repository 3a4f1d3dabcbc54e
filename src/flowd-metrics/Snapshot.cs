using System;
using System.Text;

namespace Flowd.MetricsProcess;

/// <summary>What one scrape gets: the worker's text as it was in the memory, and after it the monitor's.</summary>
/// <param name="Worker">Empty if there is no worker.</param>
/// <param name="Added">What the monitor has to add, in the same format.</param>
/// <param name="Taken">When it came: milliseconds of Environment.TickCount64.</param>
internal sealed record Snapshot(byte[] Worker, byte[] Added, long Taken)
{
    public bool IsWorkerRunning => Worker.Length > 0;

    public static Snapshot Of(byte[] worker, string added) => new(worker, Encoding.UTF8.GetBytes(added), Environment.TickCount64);
}
