using System;
using Flowd.Decode.Sampling;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>An element that is kept: where it stands in its segment, and what to do with it.</summary>
internal readonly record struct PlanStep(ushort Offset, ushort Length, ElementSetter Set);

/// <summary>
/// Fields of fixed length in a row, so that one bounds check does for all of them. The steps are a range of the plan's.
/// EndsInVariable: a field of variable length follows, which is skipped unless it is an element that we keep.
/// </summary>
internal readonly record struct PlanSegment(int Length, int FirstStep, int StepCount, bool EndsInVariable, Element? Variable = null);

/// <summary>
/// A template compiled against <see cref="ElementTable"/> when it arrives, so that decoding a record takes no look-ups. A template without
/// fields of variable length is a single segment with every offset known.
/// </summary>
internal sealed class TemplatePlan(PlanSegment[] segments, PlanStep[] steps, int minimumLength)
{
    /// <summary>The shortest record that the template can describe, in octets; never zero, so reading records always advances.</summary>
    public int MinimumLength { get; } = minimumLength;

    /// <summary>The elements that are kept.</summary>
    public required FieldSet Present { get; init; }

    /// <summary>True if its first address is of IPv6. In templates for tunnels that is the outer header.</summary>
    public required bool IsIPv6First { get; init; }

    /// <summary>The parts of a record that they fill, as far as they do not depend on the record.</summary>
    public required LogFields Sections { get; init; }

    /// <summary>Elements that we would keep, had they a length that their type can have.</summary>
    public required int BadLengths { get; init; }

    /// <summary>How to read what its records tell about sampling rates; null if they tell nothing.</summary>
    public required SamplingPlan? Sampling { get; init; }

    /// <summary>How to store its records as they are; null if they have to be decoded.</summary>
    public required DirectPlan? Direct { get; init; }

    /// <summary>False if its records tell nothing about a flow that we could keep.</summary>
    public bool KeepsSomething => !Present.Without(FieldSets.Auxiliary).IsEmpty;

    /// <summary>Reads one record; false if it ends too early.</summary>
    public bool TryReadRecord(ref WireReader reader, ref RecordDraft draft)
    {
        foreach (ref readonly PlanSegment segment in segments.AsSpan())
        {
            if (!reader.TryTake(segment.Length, out ReadOnlySpan<byte> octets))
                return false;
            foreach (ref readonly PlanStep step in steps.AsSpan(segment.FirstStep, segment.StepCount))
                step.Set(ref draft, octets.Slice(step.Offset, step.Length));
            if (segment.EndsInVariable && !TryReadVariable(ref reader, ref draft, segment.Variable))
                return false;
        }

        return true;
    }

    private static bool TryReadVariable(ref WireReader reader, ref RecordDraft draft, Element? element)
    {
        if (!reader.TryReadVariableLength(out int length) || !reader.TryTake(length, out ReadOnlySpan<byte> value))
            return false;
        if (element?.HasRoomFor(length) == true)
            element.Set(ref draft, value);
        return true;
    }

    /// <summary>Skips one record; false if it ends too early.</summary>
    public bool TrySkipRecord(ref WireReader reader)
    {
        foreach (ref readonly PlanSegment segment in segments.AsSpan())
        {
            if (!reader.TryTake(segment.Length, out _) || (segment.EndsInVariable && !reader.TrySkipVariable()))
                return false;
        }

        return true;
    }
}
