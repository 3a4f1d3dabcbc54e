namespace Flowd.Monitor;

/// <summary>Something that the monitor's loop must call when it is time.</summary>
internal interface ITimed
{
    /// <summary>In milliseconds of Environment.TickCount64; long.MaxValue for never.</summary>
    long NextTick { get; }

    void Tick(long now);
}

/// <summary>Something with a child, whose messages the monitor's loop waits for.</summary>
internal interface IWatched : ITimed
{
    /// <summary>Null while there is none.</summary>
    Child? Child { get; }

    /// <summary>A message of the child waits, or its channel closed.</summary>
    void Serve();
}
