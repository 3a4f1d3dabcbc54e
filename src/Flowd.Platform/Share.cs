using Flowd.Records;

namespace Flowd.Platform;

/// <summary>Which of the workers one is, from 0, and of how many: each has its own part of the exporters, by their addresses.</summary>
public readonly record struct Share(int Index, int Count)
{
    /// <summary>So many workers there may be.</summary>
    public const int Most = 64;

    public static readonly Share Whole = new(0, 1);

    public bool IsWhole => Count <= 1;

    /// <summary>Whether that exporter's datagrams are for this worker.</summary>
    public bool Has(in Address exporter) => IsWhole || Steering.IndexOf(in exporter, Count) == Index;
}
