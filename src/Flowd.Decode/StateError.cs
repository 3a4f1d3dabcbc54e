namespace Flowd.Decode;

/// <summary>Why a saved state, or a part of it, was not taken.</summary>
public enum StateError : byte
{
    None,

    /// <summary>It does not begin as a saved state does. Nothing was taken.</summary>
    BadMagic,

    /// <summary>It was written by another version of this program. Nothing was taken.</summary>
    BadVersion,

    /// <summary>It ends inside an exporter; those before it were taken.</summary>
    Truncated,

    /// <summary>An address is of no known family; the exporters before it were taken.</summary>
    BadAddress,

    /// <summary>A template is not valid, or larger than the limits allow; it was left out.</summary>
    BadTemplate,

    /// <summary>A sampling rate is none; it was left out.</summary>
    BadSampler,
}
