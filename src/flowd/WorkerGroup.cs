using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.Monitor;

/// <summary>All workers: as many as the first configuration wants, and never more or less.</summary>
/// <param name="make">Makes a keeper for a worker.</param>
internal sealed class WorkerGroup(Func<Share, WorkerKeeper> make) : IDisposable
{
    private bool _isStopping;

    /// <summary>None before there is a configuration.</summary>
    public IReadOnlyList<WorkerKeeper> Keepers { get; private set; } = [];

    /// <summary>True once every worker received and could store.</summary>
    public bool IsReady => Keepers.Count > 0 && Keepers.All(static keeper => keeper.IsReady);

    /// <summary>
    /// Set when there will be no workers any more, to the worst of theirs: when all have ended who were asked to, else when one has that should not.
    /// </summary>
    public int? ExitStatus
    {
        get
        {
            if (Keepers.Count == 0)
                return _isStopping ? 0 : null;
            int?[] ended = [.. Keepers.Select(static keeper => keeper.ExitStatus)];
            return _isStopping && ended.Contains(null) ? null : ended.Max();
        }
    }

    /// <summary>A worker said something that others wait for: its type and argument.</summary>
    public event Action<WorkerKeeper, Message>? Told;

    /// <summary>There is one worker less, or for the moment.</summary>
    public event Action<WorkerKeeper>? Died;

    /// <summary>Whether so many workers run, or none yet.</summary>
    public bool IsOf(int workers) => Keepers.Count == 0 || Keepers.Count == workers;

    /// <summary>Puts settings in force.</summary>
    public void Apply(Settings settings)
    {
        if (Keepers.Count == 0)
            Keepers = [.. Enumerable.Range(0, settings.Workers).Select(i => Make(new Share(i, settings.Workers)))];
        foreach (WorkerKeeper keeper in Keepers)
            keeper.Apply(settings);
    }

    public void Tell(Message message, int answers = 0)
    {
        foreach (WorkerKeeper keeper in Keepers)
            keeper.Tell(message, answers);
    }

    /// <summary>The first call asks, a second one does not wait.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (WorkerKeeper keeper in Keepers.Where(static keeper => keeper.ExitStatus is null))
            keeper.Stop();
    }

    public void Dispose()
    {
        foreach (WorkerKeeper keeper in Keepers)
            keeper.Dispose();
    }

    private WorkerKeeper Make(Share share)
    {
        WorkerKeeper keeper = make(share);
        keeper.Told += message => Told?.Invoke(keeper, message);
        keeper.Died += () => Died?.Invoke(keeper);
        return keeper;
    }
}
