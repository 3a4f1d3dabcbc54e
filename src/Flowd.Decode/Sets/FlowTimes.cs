using System;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>
/// When a flow began and ended, of all that exporters may say about it: times, uptimes, microseconds before the export, one end and a duration, or the time of
/// an event. Version 3.0 of the log has uptimes only, 3.1 nanoseconds since 1970 as well; each is worked out from the other where the header or the record
/// tells when the agent booted.
/// </summary>
internal static class FlowTimes
{
    private const long Day = 86_400 * EpochTime.Second;

    /// <summary>How far a flow may be from the clocks of its agent and its collector and be believed.</summary>
    private const long MostBehind = 366 * Day;
    private const long MostAhead = Day;

    /// <summary>False if it is believable at neither clock; 0 and invalid times are unknown, not odd.</summary>
    public static bool IsOdd(long time, long exported, long received)
        => !IsNear(time, received) && time is not 0 and not EpochTime.Invalid && !IsNear(time, exported); // nearly all are near reception

    public static void Settle(ref RecordDraft draft, FieldSet present, in AgentClock header)
    {
        AgentClock clock = header;
        if (present.Has(FlowField.SystemInitTime))
            clock = TakeBoot(ref draft, in header);
        bool areTimes = draft.WideFlowStart > 0 || draft.WideFlowFinish > 0;
        bool hasUptimes = present.HasAny(FieldSets.UptimeTimes) && !areTimes;
        long start = Start(in draft, present, in clock);
        long finish = Finish(in draft, present, in clock);
        if (present.Has(FlowField.FlowDuration))
            Complete(ref start, ref finish, draft.Duration);
        if (!hasUptimes && !present.Has(FlowField.EventTime))
            SetUptimes(ref draft.Record, start, finish, in clock);
        Set(ref draft.Record, start, finish);
    }

    /// <summary>The times of a record, invalid ones becoming 0; it has none if both are.</summary>
    public static void Set(ref FlowRecord record, long start, long finish)
    {
        if (start == EpochTime.Invalid && finish == EpochTime.Invalid)
            return;
        record.Fields |= LogFields.FlowTimesAbs;
        record.FlowStartNanoseconds = (ulong)Math.Max(start, 0);
        record.FlowFinishNanoseconds = (ulong)Math.Max(finish, 0);
    }

    // The record knows better than the header when the agent booted.
    private static AgentClock TakeBoot(ref RecordDraft draft, in AgentClock header)
    {
        if (!EpochTime.TryGetUptime(header.Now, draft.SystemInit, out uint uptime))
            return header with { Uptime = null };
        draft.Record.SystemUptime = uptime;
        return new AgentClock(uptime, draft.SystemInit + uptime * EpochTime.Millisecond);
    }

    private static long Start(in RecordDraft draft, FieldSet present, in AgentClock clock)
    {
        if (present.Has(FlowField.FlowStartAbsolute))
            return draft.FlowStart;
        if (present.Has(FlowField.FlowStartDelta))
            return clock.Now - draft.StartDelta * EpochTime.Microsecond;
        if (present.Has(FlowField.FlowStart))
            return draft.WideFlowStart > 0 ? draft.WideFlowStart : clock.At(draft.Record.FlowStart);
        return present.Has(FlowField.EventTime) ? draft.EventTime : EpochTime.Invalid;
    }

    private static long Finish(in RecordDraft draft, FieldSet present, in AgentClock clock)
    {
        if (present.Has(FlowField.FlowFinishAbsolute))
            return draft.FlowFinish;
        if (present.Has(FlowField.FlowFinishDelta))
            return clock.Now - draft.FinishDelta * EpochTime.Microsecond;
        if (present.Has(FlowField.FlowFinish))
            return draft.WideFlowFinish > 0 ? draft.WideFlowFinish : clock.At(draft.Record.FlowFinish);
        return present.Has(FlowField.EventTime) ? draft.EventTime : EpochTime.Invalid;
    }

    private static void Complete(ref long start, ref long finish, long duration)
    {
        if (finish == EpochTime.Invalid && start >= 0 && start < long.MaxValue - duration)
            finish = start + duration;
        else if (start == EpochTime.Invalid && finish >= duration)
            start = finish - duration;
    }

    private static void SetUptimes(ref FlowRecord record, long start, long finish, in AgentClock clock)
    {
        if (!EpochTime.TryGetUptime(start, clock.Boot, out uint first) || !EpochTime.TryGetUptime(finish, clock.Boot, out uint last))
            return;
        record.Fields |= LogFields.FlowTimes;
        record.FlowStart = first;
        record.FlowFinish = last;
    }

    // Both in ns since 1970-01-01 UTC, the clock not before.
    private static bool IsNear(long time, long clock) => unchecked((ulong)(time - clock + MostBehind)) <= (ulong)(MostBehind + MostAhead);
}
