using System.Collections.Generic;
using Flowd.Decode.Sets;

namespace Flowd.Decode.State;

/// <summary>
/// How often one exporter sent elements that have no place of their own in a record. Counted by template while it is in force, and by element once it is
/// gone; bounded, the first elements that were seen being kept.
/// </summary>
internal sealed class UnstoredElements
{
    private const int Most = 512;

    private Dictionary<(uint Enterprise, ushort Id), ulong>? _gone;

    /// <summary>A template is given up.</summary>
    public void Add(Template template) => Add(template, _gone ??= []);

    /// <summary>All of them, those of templates in force included.</summary>
    public Dictionary<(uint Enterprise, ushort Id), ulong> With(IEnumerable<Template> inForce)
    {
        var all = new Dictionary<(uint Enterprise, ushort Id), ulong>(_gone ?? []);
        foreach (Template template in inForce)
            Add(template, all);
        return all;
    }

    private static void Add(Template template, Dictionary<(uint Enterprise, ushort Id), ulong> to)
    {
        if (template.Shape.IsOptions || template.Records == 0)
            return;
        foreach (TemplateField field in template.Fields)
        {
            if (field.Length == 0 || OtherPlan.IsPlaced(field))
                continue;
            var element = (field.Enterprise, field.ElementId);
            if (to.TryGetValue(element, out ulong before) || to.Count < Most)
                to[element] = before + template.Records;
        }
    }
}
