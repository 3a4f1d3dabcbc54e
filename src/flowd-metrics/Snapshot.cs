using System;
using System.Collections.Generic;
using System.Text;

namespace Flowd.MetricsProcess;

/// <summary>What one scrape gets: the workers' text as it was in their memories, and after it the monitor's.</summary>
/// <param name="Worker">Empty if there is no worker.</param>
/// <param name="Missing">A worker that is not running, if there are others; else null.</param>
/// <param name="Added">What the monitor has to add, in the same format.</param>
/// <param name="Taken">When it came: milliseconds of Environment.TickCount64.</param>
internal sealed record Snapshot(byte[] Worker, int? Missing, byte[] Added, long Taken)
{
    public bool IsWorkerRunning => Worker.Length > 0;

    /// <summary>Of the texts of all workers, empty where there is none.</summary>
    public static Snapshot Of(List<byte[]> workers, string added)
    {
        byte[] text = workers is [var only] ? only : MergedText.Of(workers);
        int missing = text.Length == 0 ? -1 : workers.FindIndex(static one => one.Length == 0);
        return new Snapshot(text, missing < 0 ? null : missing, Encoding.UTF8.GetBytes(added), Environment.TickCount64);
    }
}
