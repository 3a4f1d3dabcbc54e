namespace Flowd.Decode.Sampling;

/// <summary>Puts the value of an element where it belongs.</summary>
internal delegate void SamplingSetter(ref SamplingValues values, ulong number);

/// <summary>An information element about sampling. IsRate: it tells how much was sampled; the others tell by which sampler, and how.</summary>
internal sealed record SamplingElement(ushort Id, string Name, bool IsRate, SamplingSetter Set);

/// <summary>
/// The information elements that sampling rates are made of; NetFlow v9 field types share the numbers. Names are those of the IANA registry
/// of IPFIX information elements. No rate depends on those that name an algorithm (35, 49, 304).
/// </summary>
internal static class SamplingElements
{
    /// <summary>The longest unsigned integer; exporters may leave out leading zeros (RFC 7011 section 6.2).</summary>
    public const int MaxWidth = 8;

    public const ushort SamplerId = 48;
    public const ushort SelectorId = 302;

    public static readonly SamplingElement[] Rows =
    [
        new(34, "samplingInterval", true, static (ref v, n) => v.Interval = n),
        new(35, "samplingAlgorithm", false, static (ref v, n) => v.Algorithm ??= n),
        new(SamplerId, "samplerId", false, static (ref v, n) => v.SamplerId = n),
        new(49, "samplerMode", false, static (ref v, n) => v.Algorithm ??= n),
        new(50, "samplerRandomInterval", true, static (ref v, n) => v.RandomInterval = n),
        new(SelectorId, "selectorId", false, static (ref v, n) => v.SelectorId = n),
        new(304, "selectorAlgorithm", false, static (ref v, n) => v.Algorithm = n),
        new(305, "samplingPacketInterval", true, static (ref v, n) => v.PacketInterval = n),
        new(306, "samplingPacketSpace", true, static (ref v, n) => v.PacketSpace = n),
        new(309, "samplingSize", true, static (ref v, n) => v.Size = n),
        new(310, "samplingPopulation", true, static (ref v, n) => v.Population = n),
    ];

    private static readonly SamplingElement?[] ById = Index();

    /// <summary>The element with a number of IANA's, or null if it does not matter for sampling.</summary>
    public static SamplingElement? Find(ushort id) => id < ById.Length ? ById[id] : null;

    private static SamplingElement?[] Index()
    {
        var byId = new SamplingElement?[311];
        foreach (SamplingElement element in Rows)
            byId[element.Id] = element;
        return byId;
    }
}
