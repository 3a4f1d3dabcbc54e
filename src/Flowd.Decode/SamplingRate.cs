using System;

namespace Flowd.Decode;

/// <summary>How many packets stand behind the sampled ones: Size of every Population packets were looked at. 1 of 1 is "not sampled".</summary>
public readonly record struct SamplingRate(ulong Population, ulong Size)
{
    /// <summary>Every packet was looked at.</summary>
    public static readonly SamplingRate Unsampled = new(1, 1);

    /// <summary>How packets were chosen: selectorAlgorithm, samplingAlgorithm or samplerMode, whichever is there; 0 is unknown.</summary>
    public byte Algorithm { get; init; }

    /// <summary>The same as one of so many packets, rounded, and no more than fit. A saved state may have numbers of 64 bits.</summary>
    public uint OneOf => (uint)Math.Min(Size == 1 ? Population : Population / Size + (Population % Size >= Size - Population % Size ? 1u : 0u), uint.MaxValue);

    /// <summary>False for what cannot be a rate: nothing sampled, or more than there was.</summary>
    public bool IsSane => Size > 0 && Population >= Size;

    /// <summary>The sampling field of a NetFlow v5 header: 2 bits of mode, 14 of interval. An interval of 0 is "not sampled".</summary>
    public static SamplingRate FromNetFlow5(ushort field) => (field & 0x3FFF) is > 0 and int interval ? new SamplingRate((ulong)interval, 1) { Algorithm = (byte)(field >> 14) } : Unsampled;

    /// <summary>"1 of 100".</summary>
    public override string ToString() => $"{Size} of {Population}";
}
