using System;
using System.Buffers;

namespace Flowd.Anonymize;

/// <summary>The secret of a prefix-preserving mapping: 16 octets for the cipher, and 16 that the padding is made of.</summary>
public sealed class AnonymizationKey
{
    /// <summary>In octets.</summary>
    public const int Length = 32;

    /// <summary>The longest file that can be a key, in octets: digits and a line end. Who reads one octet more sees that it is too long.</summary>
    public const int LongestFile = 2 * Length + 2;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private readonly byte[] _octets;

    private AnonymizationKey(byte[] octets) => _octets = octets;

    internal ReadOnlySpan<byte> CipherKey => _octets.AsSpan(0, Length / 2);

    internal ReadOnlySpan<byte> PadSource => _octets.AsSpan(Length / 2);

    /// <summary>Reads what a key file holds: 32 octets as they are, or 64 hexadecimal digits and perhaps a line end.</summary>
    public static KeyError TryParse(ReadOnlySpan<byte> content, out AnonymizationKey? key)
    {
        byte[] octets = new byte[Length];
        KeyError error = content.Length == Length ? TakeOctets(content, octets) : TakeDigits(content, octets);
        if (error == KeyError.None && !octets.AsSpan().ContainsAnyExcept(octets[0]))
            error = KeyError.NotRandom;
        key = error == KeyError.None ? new AnonymizationKey(octets) : null;
        return error;
    }

    private static KeyError TakeOctets(ReadOnlySpan<byte> content, Span<byte> octets)
    {
        content.CopyTo(octets);
        return content.ContainsAnyExcept(HexDigits) ? KeyError.None : KeyError.HalfAKey;
    }

    private static KeyError TakeDigits(ReadOnlySpan<byte> content, Span<byte> octets)
    {
        if (content.EndsWith("\n"u8))
            content = content.EndsWith("\r\n"u8) ? content[..^2] : content[..^1];
        if (content.Length == Length && !content.ContainsAnyExcept(HexDigits))
            return KeyError.HalfAKey;
        if (content.Length != 2 * Length)
            return KeyError.BadLength;
        return Convert.FromHexString(content, octets, out _, out _) == OperationStatus.Done ? KeyError.None : KeyError.NotHexadecimal;
    }
}
