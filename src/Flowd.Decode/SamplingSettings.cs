using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>What the configuration says about sampling rates: of one exporter, whatever it says itself, and of those of which nothing is known. 0 is none.</summary>
public sealed record SamplingSettings(uint Default, IReadOnlyList<(Prefix Exporters, uint Rate)> Fixed)
{
    public static readonly SamplingSettings None = new(0, []);

    /// <summary>The rate of an exporter by the longest prefix that has it; 0 if there is none.</summary>
    internal uint FixedRateOf(in Address exporter)
    {
        (int length, uint rate) = (-1, 0);
        foreach ((Prefix prefix, uint candidate) in Fixed)
        {
            if (prefix.Contains(exporter) && prefix.Length > length)
                (length, rate) = (prefix.Length, candidate);
        }

        return rate;
    }
}
