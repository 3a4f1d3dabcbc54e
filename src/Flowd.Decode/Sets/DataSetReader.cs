using Flowd.Decode.Sampling;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Sets of records. Octets at the end that are too few for another record are padding (RFC 7011 section 3.3.1).</summary>
internal static class DataSetReader
{
    public static void Read(ushort id, ref WireReader set, ref SetMessage message)
    {
        if (message.Exporter.Templates.Use(new TemplateKey(message.Domain, id)) is not { } template)
        {
            message.Report(DecodeError.UnknownTemplate);
            return;
        }

        message.Context.Layout.AddRecords(message.SetOffset, set.Remaining, template);
        if (template.Shape.IsOptions)
            ReadOptions(template.Plan, ref set, ref message);
        else if (template.Plan.KeepsSomething)
            ReadFlows(template.Plan, ref set, ref message);
        else if (SkipRecords(template.Plan, ref set, ref message) is > 0 and int skipped)
            message.Report(DecodeError.NothingToKeep, (ulong)skipped);
    }

    // For records whose template is about no sampling, and for exporters whose rate is known, this costs nothing a record.
    private static void ReadFlows(TemplatePlan plan, ref WireReader set, ref SetMessage message)
    {
        WireReader again = set;
        int before = message.Records;
        ReadRecords(plan, ref set, ref message);
        if (message.Exporter.Samplers.Count > 0)
            return; // one of them serves every record that says nothing itself
        int unknown = message.Records - before;
        if (plan.Sampling is not null)
            unknown -= CountRates(plan.Sampling, ref again, unknown);
        message.Context.CountSamplingUnknown(unknown);
    }

    // How many of so many records give their rate.
    private static int CountRates(SamplingPlan sampling, ref WireReader set, int records)
    {
        int rates = 0;
        for (int i = 0; i < records && sampling.TryRead(ref set, out SamplingValues values); i++)
        {
            if (values.Rate is not null)
                rates++;
        }

        return rates;
    }

    private static void ReadOptions(TemplatePlan plan, ref WireReader set, ref SetMessage message)
    {
        WireReader again = set;
        int count = SkipRecords(plan, ref set, ref message);
        message.Options += count;
        if (plan.Sampling is null)
            return;
        for (int i = 0; i < count && plan.Sampling.TryRead(ref again, out SamplingValues values); i++)
        {
            if (values.Rate is { } rate)
                message.Exporter.Samplers.Set(new SamplerKey(message.Domain, values.Sampler ?? 0), rate, message.Context.Exporters.Limits.Samplers);
        }
    }

    private static void ReadRecords(TemplatePlan plan, ref WireReader set, ref SetMessage message)
    {
        while (set.Remaining >= plan.MinimumLength)
        {
            if (!message.Context.TryReserve())
                return;
            ref FlowRecord record = ref message.Context.AddRecord();
            record.Fields |= plan.Sections | LogFields.FlowEngineInfo;
            var draft = new RecordDraft(ref record);
            if (!plan.TryReadRecord(ref set, ref draft))
            {
                message.Context.RemoveRecord();
                message.Report(DecodeError.Truncated);
                return;
            }

            draft.Finish(plan, message.Boot);
            message.Records++;
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
