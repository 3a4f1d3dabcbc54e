using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Octets to skip, then a field to keep.</summary>
internal readonly record struct OtherStep(int Skip, TemplateField Field, bool IsKept);

/// <summary>
/// The elements of a template that have no place of their own in a record, for those who keep them (LogFields.Other). Compiled when it is first asked for.
/// </summary>
internal sealed class OtherPlan
{
    private readonly OtherStep[] _steps;
    private readonly int _tail;

    private OtherPlan(OtherStep[] steps, int tail) => (_steps, _tail) = (steps, tail);

    /// <summary>What stands in none of the sections, padding left out.</summary>
    public static OtherPlan Compile(ReadOnlySpan<TemplateField> fields)
    {
        var steps = new List<OtherStep>();
        int skip = 0;
        foreach (TemplateField field in fields)
        {
            bool isKept = field.Length > 0 && !IsPlaced(field);
            if (!isKept && !field.IsVariable)
            {
                skip += field.Length;
                continue;
            }

            steps.Add(new OtherStep(skip, field, isKept));
            skip = 0;
        }

        return new OtherPlan([.. steps], skip);
    }

    /// <summary>Reads one record, which is known to be whole. What finds no room is counted.</summary>
    public void Read(ref WireReader reader, ref FlowRecord record, DecodeContext context)
    {
        foreach (ref readonly OtherStep step in _steps.AsSpan())
        {
            int length = step.Field.Length;
            if (!reader.TryTake(step.Skip, out _) || (step.Field.IsVariable && !reader.TryReadVariableLength(out length)) || !reader.TryTake(length, out ReadOnlySpan<byte> value))
                return;
            if (step.IsKept && !context.TryAddOther(ref record, step.Field, value))
                context.Report(DecodeError.OtherTooLong);
        }

        reader.TryTake(_tail, out _);
    }

    /// <summary>True if a section of the log has the element, or nobody wants it.</summary>
    public static bool IsPlaced(TemplateField field) => IsStored(field) || IsPadding(field);

    private static bool IsStored(TemplateField field) => ElementTable.Find(field) is { } element && element.Accepts(field.Length);

    private static bool IsPadding(TemplateField field) => field.Enterprise == 0 && field.Id == 210; // paddingOctets
}
