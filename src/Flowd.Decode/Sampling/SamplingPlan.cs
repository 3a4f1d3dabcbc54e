using System;
using System.Collections.Generic;
using Flowd.Decode.Sets;

namespace Flowd.Decode.Sampling;

/// <summary>Octets to skip, then an element of that length to keep; without a setter, a field of variable length to skip.</summary>
internal readonly record struct SamplingStep(int Skip, int Length, SamplingSetter? Set);

/// <summary>
/// What a template tells about sampling, compiled when it arrives. Few templates have such elements, and their records are seldom read for
/// them, so this stays apart from <see cref="TemplatePlan"/>. Each step takes an octet of the record at least.
/// </summary>
internal sealed class SamplingPlan
{
    private readonly SamplingStep[] _steps;
    private readonly int _tail;

    private SamplingPlan(SamplingStep[] steps, int tail)
    {
        _steps = steps;
        _tail = tail;
    }

    /// <summary>True if its records may give a rate; else they tell by which sampler they came.</summary>
    public bool GivesRate { get; private init; }

    /// <summary>The plan of a template; null if its records tell neither.</summary>
    public static SamplingPlan? TryCompile(ReadOnlySpan<TemplateField> fields)
    {
        bool givesRate = Has(fields, static element => element.IsRate);
        if (!givesRate && !Has(fields, static element => element.Id is SamplingElements.SamplerId or SamplingElements.SelectorId))
            return null;
        var steps = new List<SamplingStep>();
        int skip = 0;
        foreach (TemplateField field in fields)
        {
            SamplingElement? element = Find(field);
            if (element is null && !field.IsVariable)
            {
                skip += field.Length;
                continue;
            }

            steps.Add(new SamplingStep(skip, field.IsVariable ? 0 : field.Length, element?.Set));
            skip = 0;
        }

        return new SamplingPlan([.. steps], skip) { GivesRate = givesRate };
    }

    /// <summary>Reads one record; false if it ends too early.</summary>
    public bool TryRead(ref WireReader reader, out SamplingValues values)
    {
        values = default;
        foreach (ref readonly SamplingStep step in _steps.AsSpan())
        {
            if (!reader.TryTake(step.Skip, out _))
                return false;
            if (step.Set is null)
            {
                if (!reader.TrySkipVariable())
                    return false;
                continue;
            }

            if (!reader.TryTake(step.Length, out ReadOnlySpan<byte> value))
                return false;
            step.Set(ref values, WireValue.Number(value));
        }

        return reader.TryTake(_tail, out _);
    }

    private static bool Has(ReadOnlySpan<TemplateField> fields, Func<SamplingElement, bool> match)
    {
        foreach (TemplateField field in fields)
        {
            if (Find(field) is { } element && match(element))
                return true;
        }

        return false;
    }

    private static SamplingElement? Find(TemplateField field)
        => field.Length is > 0 and <= SamplingElements.MaxWidth ? SamplingElements.Find(field.Id) : null;
}
