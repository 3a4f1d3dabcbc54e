using System;
using Flowd.Decode.State;

namespace Flowd.Decode.Sets;

/// <summary>Leaves the records of a set on the wire.</summary>
internal static class DirectReader
{
    /// <summary>False, with the set as it was or with what found no room, if they have to be decoded.</summary>
    public static bool TryLeave(Template template, ref WireReader set, ref SetMessage message)
    {
        if (template.Plan is not { Direct: { } plan, Sampling: null } || !plan.Suits(in message.Clock))
            return false;
        DecodeContext context = message.Context;
        int length = plan.Layout.Length;
        int wanted = set.Remaining / length;
        int left = context.LeaveOnWire(plan.Layout, message.SetOffset, wanted);
        set.TryTake(left * length, out ReadOnlySpan<byte> records);
        message.Records += left;
        template.Records += (uint)left;
        if (context.SamplingOf(message.Domain).Rate == 0)
            context.CountSamplingUnknown(left);
        if (plan.HasTimes)
            CheckTimes(plan, records, context);
        return left == wanted;
    }

    private static void CheckTimes(DirectPlan plan, ReadOnlySpan<byte> records, DecodeContext context)
    {
        for (; !records.IsEmpty; records = records[plan.Layout.Length..])
            context.CheckTimes(Math.Max(plan.Start.Of(records), 0), Math.Max(plan.Finish.Of(records), 0));
    }
}
