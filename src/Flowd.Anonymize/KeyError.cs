namespace Flowd.Anonymize;

/// <summary>Why octets are no key to anonymize with.</summary>
public enum KeyError : byte
{
    None,

    /// <summary>Neither 32 octets nor 64 digits.</summary>
    BadLength,

    /// <summary>As long as 64 digits, but not all of them are hexadecimal.</summary>
    NotHexadecimal,

    /// <summary>32 hexadecimal digits. As octets they would be a key, of half the strength that their owner thinks.</summary>
    HalfAKey,

    /// <summary>One octet over and over: a file of zeros.</summary>
    NotRandom,
}
