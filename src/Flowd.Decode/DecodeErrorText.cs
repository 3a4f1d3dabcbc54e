using System;

namespace Flowd.Decode;

/// <summary>Names of the errors for people, as log messages want them.</summary>
public static class DecodeErrorText
{
    private static readonly string[] Texts =
    [
        "no error",
        "truncated datagram",
        "unknown version",
        "bad record count in the header",
        "datagram shorter than announced",
        "octets after the announced records",
        "wrong record count in the header",
        "bad set length",
        "set with a reserved identifier",
        "data set without a template",
        "template without fields",
        "bad template identifier",
        "template with an impossible field length",
        "bad scope of an options template",
        "template too large",
        "records with nothing to keep",
        "address of an unknown type",
        "sample longer than what is left",
        "flow times that are not believable",
        "elements too long to be kept",
        "more records than a batch holds",
        "more output than a datagram may cause",
    ];

    /// <summary>True if the error costs no record.</summary>
    public static bool IsHarmless(DecodeError error)
        => error is DecodeError.None or DecodeError.CountMismatch or DecodeError.NothingToKeep or DecodeError.OddTime or DecodeError.OtherTooLong;

    /// <summary>How many errors there are, None included.</summary>
    public static int Count => Texts.Length;

    /// <summary>A few words in lower case, without a full stop.</summary>
    public static string Describe(DecodeError error)
        => (int)error < Texts.Length ? Texts[(int)error] : throw new ArgumentOutOfRangeException(nameof(error));
}
