using System;
using System.Collections.Generic;
using Flowd.Decode.Sets;
using Flowd.Decode.State;

namespace Flowd.Decode.Rewriting;

/// <summary>Octets of one treatment in a row. Of variable length they say their length themselves, and Length is zero.</summary>
internal readonly record struct RewriteStep(int Length, Treatment Treatment, bool IsVariable);

/// <summary>
/// How to make the records of a template fit to be seen, compiled when that is first wanted. Each step takes an octet of the record at least,
/// so no template makes this slower than its records are long.
/// </summary>
internal sealed class RewritePlan
{
    private readonly RewriteStep[] _steps;
    private readonly int _minimumLength;

    private RewritePlan(RewriteStep[] steps, int minimumLength)
    {
        _steps = steps;
        _minimumLength = minimumLength;
    }

    public static RewritePlan Compile(Template template)
    {
        var steps = new List<RewriteStep>();
        int scopes = template.Shape.IsOptions && template.Key.Scope.Domain.Version == SetDialect.NetFlow9.Version ? template.Shape.ScopeCount : 0;
        for (int i = 0; i < template.Fields.Length; i++)
            Append(steps, template.Fields[i], TreatmentTable.Find(template.Fields[i], isNetFlow9Scope: i < scopes));
        return new RewritePlan([.. steps], template.Plan.MinimumLength);
    }

    /// <summary>Rewrites the records of a set. What follows the last one, which should be padding, becomes zeros.</summary>
    public void Apply(Span<byte> set, AddressMapping map)
    {
        while (set.Length >= _minimumLength && TryApply(ref set, map))
        {
        }

        set.Clear();
    }

    private static void Append(List<RewriteStep> steps, TemplateField field, Treatment treatment)
    {
        if (field.Length == 0)
            return;
        if (field.IsVariable)
            steps.Add(new RewriteStep(0, Treatment.Erase, IsVariable: true));
        else if (steps is [.., { IsVariable: false, Treatment: <= Treatment.Keep } last] && last.Treatment == treatment)
            steps[^1] = last with { Length = last.Length + field.Length };
        else
            steps.Add(new RewriteStep(field.Length, treatment, IsVariable: false));
    }

    // One record; false if it ends too early, with the set behind what was rewritten of it.
    private bool TryApply(ref Span<byte> set, AddressMapping map)
    {
        foreach (ref readonly RewriteStep step in _steps.AsSpan())
        {
            int length = step.Length;
            if (step.IsVariable && !TryTakeLength(ref set, out length))
                return false;
            if (length > set.Length)
                return false;
            FieldRewriter.Apply(step.Treatment, set[..length], map);
            set = set[length..];
        }

        return true;
    }

    // Takes the octets that give the length of a field, which stay as they are.
    private static bool TryTakeLength(ref Span<byte> set, out int length)
    {
        var reader = new WireReader(set);
        bool isRead = reader.TryReadVariableLength(out length);
        set = set[^reader.Remaining..];
        return isRead;
    }
}
