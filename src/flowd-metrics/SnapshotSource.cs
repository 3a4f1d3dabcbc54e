using System;
using System.Threading;
using System.Threading.Tasks;

namespace Flowd.MetricsProcess;

/// <summary>
/// The snapshot of now, for any number of scrapes at a time: at most one is asked for, at most once a second, and all who wait get the same.
/// </summary>
/// <param name="ask">Asks for a new one; false if there is nobody to ask.</param>
internal sealed class SnapshotSource(Func<bool> ask)
{
    /// <summary>A snapshot is served again until it is so old.</summary>
    private const long MillisecondsFresh = 1000;

    /// <summary>
    /// An answer that did not come by then never will. Not shorter: a second answer would be written to the memory while the first is read.
    /// </summary>
    private const long MillisecondsToAskAgain = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private TaskCompletionSource<Snapshot>? _awaited;
    private long _asked;

    /// <summary>The latest that came, however old.</summary>
    public Snapshot? Latest { get; private set; }

    /// <summary>Null if none came in time.</summary>
    public async Task<Snapshot?> GetAsync()
    {
        Task<Snapshot> answer = FreshOrAwaited();
        await ((Task)answer).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.IsCompletedSuccessfully ? await answer.ConfigureAwait(false) : null;
    }

    /// <summary>A snapshot came.</summary>
    public void Put(Snapshot snapshot)
    {
        TaskCompletionSource<Snapshot>? awaited;
        lock (_lock)
        {
            Latest = snapshot;
            awaited = _awaited;
            _awaited = null;
        }

        awaited?.SetResult(snapshot);
    }

    private Task<Snapshot> FreshOrAwaited()
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (_awaited is null && Latest is { } latest && now - latest.Taken < MillisecondsFresh)
                return Task.FromResult(latest);
            if (_awaited is not null && now - _asked < MillisecondsToAskAgain)
                return _awaited.Task;
            _awaited ??= new TaskCompletionSource<Snapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked = now;
            Task<Snapshot> answer = _awaited.Task;
            ask();
            return answer;
        }
    }
}
