using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Sets of records. Octets at the end that are too few for another record are padding (RFC 7011 section 3.3.1).</summary>
internal static class DataSetReader
{
    public static void Read(ushort id, ref WireReader set, ref SetMessage message)
    {
        if (message.Exporter.Templates.Use(new TemplateKey(message.Domain, id)) is not { } template)
            message.Report(DecodeError.UnknownTemplate);
        else if (template.Shape.IsOptions)
            SkipRecords(template.Plan, ref set, ref message);
        else if (template.Plan.KeepsSomething)
            ReadRecords(template.Plan, ref set, ref message);
        else if (SkipRecords(template.Plan, ref set, ref message) is > 0 and int skipped)
            message.Report(DecodeError.NothingToKeep, (ulong)skipped);
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
