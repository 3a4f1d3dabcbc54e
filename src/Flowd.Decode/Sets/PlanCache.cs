using System;

namespace Flowd.Decode.Sets;

/// <summary>The fields of a template, and the plan that was made of them.</summary>
internal sealed record PlannedFields(TemplateField[] Fields, bool KeepsElements, TemplatePlan Plan)
{
    public bool AreOf(ReadOnlySpan<TemplateField> fields, bool keepElements) => KeepsElements == keepElements && fields.SequenceEqual(Fields);
}

/// <summary>
/// Plans that were made before, for templates with the same fields to share: most exporters announce the same few. Where there are many, the newer take the
/// place of the older.
/// </summary>
internal sealed class PlanCache
{
    private const int SlotBits = 10;
    private const int MostFields = 128; // of a template that is shared, so that the cache stays small whatever is announced

    private readonly PlannedFields?[] _slots = new PlannedFields?[1 << SlotBits];

    /// <summary>The plan for such a template, see <see cref="PlanCompiler.TryCompile"/>.</summary>
    public DecodeError TryGet(ReadOnlySpan<TemplateField> fields, bool keepElements, out PlannedFields? planned)
    {
        PlannedFields? none = null;
        ref PlannedFields? slot = ref fields.Length <= MostFields ? ref _slots[SlotOf(fields)] : ref none;
        planned = slot;
        if (slot?.AreOf(fields, keepElements) == true)
            return DecodeError.None;
        DecodeError error = PlanCompiler.TryCompile(fields, keepElements, out TemplatePlan? plan);
        planned = plan is null ? null : slot = new PlannedFields(fields.ToArray(), keepElements, plan);
        return error;
    }

    private static uint SlotOf(ReadOnlySpan<TemplateField> fields)
    {
        var hash = new HashCode(); // of another seed in each process
        foreach (TemplateField field in fields)
            hash.Add(field);
        return unchecked((uint)hash.ToHashCode()) >> (32 - SlotBits);
    }
}
