using System;

namespace Flowd.Store;

/// <summary>Where a consumer without a position begins.</summary>
public enum CursorStart
{
    /// <summary>With the first record of the first log that is there.</summary>
    Beginning,

    /// <summary>With the first record that comes after now.</summary>
    End,
}

/// <summary>What a <see cref="LogCursor"/> is told when it is opened.</summary>
public sealed record LogCursorOptions
{
    /// <summary>Where to begin if the position file is new.</summary>
    public CursorStart Start { get; init; }

    /// <summary>Whether <see cref="LogCursor.Commit"/> waits until the disk has it, fsync(2): then a power failure takes back none.</summary>
    public bool SyncsCommits { get; init; }

    /// <summary>How often new, renamed and removed logs are looked for, while there is nothing to read.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a log must not have changed before a record that is cut off at its end counts as damage; one in progress never is.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told of stretches that hold no records, with the path of the log.</summary>
    public Action<string, LogGap>? OnGap { get; init; }

    /// <summary>Told the path of a log that is gone and had not been read to its end.</summary>
    public Action<string>? OnVanished { get; init; }
}

/// <summary>Where a record stands.</summary>
/// <param name="Path">The log, as it was called when it was opened.</param>
/// <param name="Offset">Octets of the log without compression.</param>
public readonly record struct CursorPosition(string Path, long Offset);
