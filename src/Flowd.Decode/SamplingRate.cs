namespace Flowd.Decode;

/// <summary>How many packets stand behind the sampled ones: Size of every Population packets were looked at. 1 of 1 is "not sampled".</summary>
public readonly record struct SamplingRate(ulong Population, ulong Size)
{
    /// <summary>Every packet was looked at.</summary>
    public static readonly SamplingRate Unsampled = new(1, 1);

    /// <summary>False for what cannot be a rate: nothing sampled, or more than there was.</summary>
    public bool IsSane => Size > 0 && Population >= Size;

    /// <summary>"1 of 100".</summary>
    public override string ToString() => $"{Size} of {Population}";
}
