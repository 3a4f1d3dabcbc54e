using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode.Sampling;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>Makes a <see cref="TemplatePlan"/> of the fields of a template.</summary>
internal static class PlanCompiler
{
    private const int MaxRecordLength = ushort.MaxValue; // no datagram holds more

    /// <summary>Compiles a data template. The records of a plan without <paramref name="keepElements"/> can only be skipped.</summary>
    public static DecodeError TryCompile(ReadOnlySpan<TemplateField> fields, bool keepElements, out TemplatePlan? plan)
    {
        plan = null;
        long minimumLength = 0;
        foreach (TemplateField field in fields)
            minimumLength += field.IsVariable ? 1 : field.Length; // a variable one has at least its length octet
        if (minimumLength == 0)
            return DecodeError.EmptyTemplate;
        if (minimumLength > MaxRecordLength)
            return DecodeError.TemplateTooLarge;

        Span<int> chosen = stackalloc int[(int)FlowField.Count]; // for each FlowField, the index of the field that fills it, or -1
        chosen.Fill(-1);
        int badLengths = keepElements ? Choose(fields, chosen) : 0;
        plan = Build(fields, chosen, (int)minimumLength, badLengths);
        return DecodeError.None;
    }

    // Of several fields for one purpose the first counts: later ones describe inner headers of tunnels. A fallback yields to any other.
    private static int Choose(ReadOnlySpan<TemplateField> fields, Span<int> chosen)
    {
        int badLengths = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].Length == 0 || ElementTable.Find(fields[i]) is not { } element)
                continue;
            ref int current = ref chosen[(int)element.Field];
            if (!element.Accepts(fields[i].Length))
                badLengths++;
            else if (current < 0 || (!element.IsFallback && ElementTable.Find(fields[current])!.IsFallback))
                current = i;
        }

        return badLengths;
    }

    private static TemplatePlan Build(ReadOnlySpan<TemplateField> fields, ReadOnlySpan<int> chosen, int minimumLength, int badLengths)
    {
        var segments = new List<PlanSegment>();
        var steps = new List<PlanStep>();
        var elements = new List<Element>(); // of the steps
        FieldSet present = default;
        LogFields sections = LogFields.None;
        bool isIPv6First = false;
        int length = 0, firstStep = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            Element? element = chosen.Contains(i) ? ElementTable.Find(fields[i]) : null;
            if (element is not null)
            {
                if (!present.HasAny(FieldSets.Addresses))
                    isIPv6First = element.Field is FlowField.SourceIPv6 or FlowField.DestinationIPv6;
                present = present.With(element.Field);
                sections |= element.Sections;
            }

            if (fields[i].IsVariable)
            {
                segments.Add(new PlanSegment(length, firstStep, steps.Count - firstStep, EndsInVariable: true, element));
                (length, firstStep) = (0, steps.Count);
                continue;
            }

            if (element is not null)
            {
                steps.Add(new PlanStep((ushort)length, fields[i].Length, element.Set));
                elements.Add(element);
            }

            length += fields[i].Length;
        }

        if (length > 0)
            segments.Add(new PlanSegment(length, firstStep, steps.Count - firstStep, EndsInVariable: false));
        return new TemplatePlan([.. segments], [.. steps], minimumLength)
        {
            Present = present,
            IsIPv6First = isIPv6First,
            Sections = sections,
            BadLengths = badLengths,
            Sampling = SamplingPlan.TryCompile(fields),
            Direct = segments is [{ EndsInVariable: false }] ? DirectPlan.TryCompile(elements.Zip(steps), present, sections, length) : null,
        };
    }
}
