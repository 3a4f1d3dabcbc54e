using System;

namespace Flowd.Anonymize;

/// <summary>What is wrong with a key, for people.</summary>
public static class KeyErrorText
{
    private static readonly string[] Texts =
    [
        "no error",
        "a key is 32 octets, or 64 hexadecimal digits",
        "not 64 hexadecimal digits",
        "32 hexadecimal digits are half a key; 64 are wanted",
        "all octets are the same",
    ];

    /// <summary>A few words in lower case, without a full stop.</summary>
    public static string Describe(KeyError error)
        => (int)error < Texts.Length ? Texts[(int)error] : throw new ArgumentOutOfRangeException(nameof(error));
}
