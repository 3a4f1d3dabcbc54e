namespace Flowd.Config;

/// <summary>How addresses are made unrecognisable (RFC 6235).</summary>
public enum AnonymizeMethod
{
    /// <summary>Each address becomes another; those of one network stay in one network.</summary>
    CryptoPan,

    /// <summary>Only the first bits stay.</summary>
    Truncate,
}

/// <summary>What <c>anonymize</c> says.</summary>
/// <param name="Method">How.</param>
/// <param name="KeyFile">The path of the key; null where there is none.</param>
/// <param name="IPv4Bits">How many bits stay, where some are cut off.</param>
/// <param name="IPv6Bits">The same for IPv6.</param>
public sealed record Anonymization(AnonymizeMethod Method, string? KeyFile, int IPv4Bits = 24, int IPv6Bits = 48);
