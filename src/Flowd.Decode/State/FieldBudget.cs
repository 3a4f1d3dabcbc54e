using System;

namespace Flowd.Decode.State;

/// <summary>
/// How many template fields are kept, over all exporters. A template has costs of its own besides its fields (some 400 octets), so a small
/// one counts as if it had <see cref="MinimumCharge"/>: otherwise a flood of templates with one field each could take 400 MB.
/// </summary>
internal sealed class FieldBudget
{
    public const int MinimumCharge = 16;

    public int Used { get; private set; }

    public static int Charge(Template template) => Math.Max(template.Fields.Length, MinimumCharge);

    public void Add(Template template) => Used += Charge(template);

    public void Remove(Template template) => Used -= Charge(template);
}
