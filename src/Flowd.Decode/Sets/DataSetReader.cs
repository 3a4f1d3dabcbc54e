using Flowd.Decode.Sampling;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Sets of records. Octets at the end that are too few for another record are padding (RFC 7011 section 3.3.1).</summary>
internal static class DataSetReader
{
    public static void Read(ushort id, ref WireReader set, ref SetMessage message)
    {
        var key = new TemplateKey(message.Scope, id);
        if (message.Context.Exporters.UseTemplate(message.Exporter, key) is { } template)
        {
            Read(template, ref set, ref message);
            return;
        }

        message.Report(DecodeError.UnknownTemplate);
        message.Keep(key, set.Rest);
    }

    public static void Read(Template template, ref WireReader set, ref SetMessage message)
    {
        message.Context.Layout.AddRecords(message.SetOffset, set.Remaining, template);
        if (template.Shape.IsOptions)
            ReadOptions(template, ref set, ref message);
        else if (template.Plan.KeepsSomething && message.Context.LeavesOnWire && DirectReader.TryLeave(template, ref set, ref message))
            return;
        else if (template.Plan.KeepsSomething)
            ReadFlows(template, ref set, ref message);
        else if (SkipRecords(template.Plan, ref set, ref message) is > 0 and int skipped)
            message.Report(DecodeError.NothingToKeep, (ulong)skipped);
    }

    // What a record says about sampling, and elements without a place, are read in passes of their own, which few templates need.
    private static void ReadFlows(Template template, ref WireReader set, ref SetMessage message)
    {
        TemplatePlan plan = template.Plan;
        WireReader samplingReader = set;
        WireReader otherReader = set;
        DecodeContext context = message.Context;
        OtherPlan? other = context.KeepsOther ? template.OtherPlan : null;
        Records.Sampling common = context.SamplingOf(message.Domain);
        int unknown = 0;
        int before = message.Records;
        while (set.Remaining >= plan.MinimumLength)
        {
            if (!context.TryReserve())
                break;
            if (!TryRead(plan, ref set, ref message))
                break;
            ref FlowRecord record = ref context.LastRecord;
            message.Records++;
            Records.Sampling sampling = plan.Sampling is not null && plan.Sampling.TryRead(ref samplingReader, out SamplingValues values)
                ? context.SamplingOf(message.Domain, values.Rate, values.Sampler)
                : common;
            if (sampling.Rate == 0)
                unknown++;
            else
                Set(ref record, sampling);
            other?.Read(ref otherReader, ref record, context);
            context.CheckTimes(in record);
        }

        template.Records += (uint)(message.Records - before);
        context.CountSamplingUnknown(unknown);
    }

    private static void Set(ref FlowRecord record, Records.Sampling sampling)
    {
        record.Sampling = sampling;
        record.Fields |= LogFields.Sampling;
    }

    // Adds a record. False, and it is gone, if it ends too early.
    private static bool TryRead(TemplatePlan plan, ref WireReader set, ref SetMessage message)
    {
        ref FlowRecord record = ref message.Context.AddRecord();
        record.Fields |= plan.Sections | LogFields.FlowEngineInfo;
        RecordDraft draft = default; // set up in place: with a constructor it is copied, octet by octet
        draft.Record = ref record;
        if (!plan.TryReadRecord(ref set, ref draft))
        {
            message.Context.RemoveRecord();
            message.Report(DecodeError.Truncated);
            return false;
        }

        draft.Finish(plan, in message.Clock);
        return true;
    }

    private static void ReadOptions(Template template, ref WireReader set, ref SetMessage message)
    {
        TemplatePlan plan = template.Plan;
        WireReader again = set;
        WireReader noted = set;
        int count = SkipRecords(plan, ref set, ref message);
        message.Options += count;
        if (message.Context.KeepsNotes)
            OptionsNotes.Read(template, ref noted, count, ref message);
        if (plan.Sampling is not { GivesRate: true })
            return;
        for (int i = 0; i < count && plan.Sampling.TryRead(ref again, out SamplingValues values); i++)
        {
            if (values.Rate is { } rate)
                message.Exporter.Samplers.Set(new SamplerKey(message.Domain, values.Sampler ?? 0), rate, message.Context.Exporters.Limits.Samplers);
        }
    }

    // Returns how many.
    private static int SkipRecords(TemplatePlan plan, ref WireReader set, ref SetMessage message)
    {
        int count = 0;
        while (set.Remaining >= plan.MinimumLength)
        {
            if (!plan.TrySkipRecord(ref set))
            {
                message.Report(DecodeError.Truncated);
                break;
            }

            count++;
        }

        message.Records += count;
        return count;
    }
}
