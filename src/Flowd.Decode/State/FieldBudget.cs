namespace Flowd.Decode.State;

/// <summary>How many template fields are kept, over all exporters.</summary>
internal sealed class FieldBudget
{
    public int Used { get; set; }
}
