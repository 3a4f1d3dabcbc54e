using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.Sampling;

/// <summary>
/// At which rate a record was sampled, and how that is known. In this order: what the configuration fixes for the exporter, what the record says, a sampler that
/// the exporter told of in options (<see cref="SamplerTable.Find"/>), the header, what the configuration says where nothing else is known.
/// </summary>
internal static class SamplingLookup
{
    /// <param name="exporter">Whose record it is.</param>
    /// <param name="otherwise">What the configuration says where nothing else is known; 0 for nothing.</param>
    /// <param name="domain">Of the record.</param>
    /// <param name="own">What the record says.</param>
    /// <param name="sampler">Which sampler it names.</param>
    /// <param name="header">What the header says.</param>
    public static Records.Sampling Of(Exporter exporter, uint otherwise, DomainKey domain, SamplingRate? own, ulong? sampler, SamplingRate? header)
    {
        ushort selector = (ushort)((sampler ?? 0) & ushort.MaxValue);
        if (exporter.FixedRate != 0)
            return new(exporter.FixedRate, 0, SamplingSource.Configuration, selector);
        if (own is { } said)
            return new(said.OneOf, said.Algorithm, SamplingSource.Record, selector);
        if (exporter.Samplers.Find(domain, sampler) is { } key && exporter.Samplers[key] is var rate)
            return new(rate.OneOf, rate.Algorithm, SamplingSource.Options, (ushort)(key.Id & ushort.MaxValue));
        if (header is { } of)
            return new(of.OneOf, of.Algorithm, SamplingSource.Header, 0);
        return otherwise == 0 ? new(0, 0, SamplingSource.None, selector) : new(otherwise, 0, SamplingSource.Configuration, selector);
    }
}
