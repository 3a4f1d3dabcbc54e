namespace Flowd.Decode.State;

/// <summary>How often what a saved state holds has changed.</summary>
internal sealed class ChangeCounter
{
    public ulong Count { get; set; }
}
