namespace Flowd.Decode.Sampling;

/// <summary>What one record says about sampling. Null is what it does not say.</summary>
internal struct SamplingValues
{
    public ulong? Interval;
    public ulong? RandomInterval;
    public ulong? PacketInterval;
    public ulong? PacketSpace;
    public ulong? Size;
    public ulong? Population;
    public ulong? SamplerId;
    public ulong? SelectorId;
    public ulong? Algorithm;

    /// <summary>Which sampler the record is about, if it says so.</summary>
    public readonly ulong? Sampler => SelectorId ?? SamplerId;

    /// <summary>
    /// The rate that the record gives, if it is one. Size of Population packets (RFC 5477 section 8.2), or all of an interval and then none
    /// of the space behind it, or one packet of so many.
    /// </summary>
    public readonly SamplingRate? Rate
        => (Checked(Population, Size) ?? CountBased(PacketInterval, PacketSpace) ?? Checked(Interval, 1) ?? Checked(RandomInterval, 1)) is { } rate
            ? rate with { Algorithm = (byte)((Algorithm ?? 0) & byte.MaxValue) }
            : null;

    // No such element has more than 32 bits. Larger numbers are nonsense, and sums of these cannot overflow.
    private static SamplingRate? Checked(ulong? population, ulong? size)
        => population <= uint.MaxValue && size <= uint.MaxValue && new SamplingRate(population.Value, size.Value) is { IsSane: true } rate ? rate : null;

    private static SamplingRate? CountBased(ulong? interval, ulong? space)
        => interval is > 0 and <= uint.MaxValue && space <= uint.MaxValue ? new SamplingRate(interval.Value + space.Value, interval.Value) : null;
}
