using System;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>Goes on with logs as they grow, and with those that come after them, until it is told to stop or nobody reads what it prints.</summary>
internal sealed class Follower(Options options, LogRun run, Messages messages)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public void Run()
    {
        using var place = new TemporaryPlace();
        using var cursor = LogCursor.Open(options.Files, place.Path, new LogCursorOptions { OnGap = Report, ScanInterval = BetweenLooks });
        using var stop = new StopSignal();
        string path = "";
        while (!stop.IsSet && !run.IsOver)
        {
            bool any = false;
            while (!stop.IsSet && !run.IsOver && cursor.TryRead(out FlowRecord record))
            {
                any = true;
                if (cursor.Position.Path != path)
                    run.Begin(path = cursor.Position.Path);
                run.Take(ref record, cursor.RecordOctets);
            }

            run.Flush();
            if (!any)
                stop.Wait(BetweenLooks);
        }
    }

    private void Report(string path, LogGap gap)
        => messages.Error($"{path}: damaged at offset {gap.Offset}, {gap.Length} octets skipped ({LogErrorText.Describe(gap.Cause)})");
}
