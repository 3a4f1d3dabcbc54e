namespace Flowd.Receive.Captures;

/// <summary>Why a capture cannot be read on.</summary>
public enum CaptureError : byte
{
    None,

    /// <summary>It ends inside a header, a packet or a message.</summary>
    Truncated,

    /// <summary>It is neither pcap, nor pcapng, nor made of IPFIX messages.</summary>
    UnknownFormat,

    /// <summary>A packet, block or message has a length that it cannot have.</summary>
    BadLength,

    /// <summary>A packet refers to an interface that was not described.</summary>
    UnknownInterface,
}

/// <summary>The errors for people.</summary>
public static class CaptureErrorText
{
    private static readonly string[] Texts =
    [
        "no error",
        "it ends in the middle of something",
        "neither pcap, nor pcapng, nor IPFIX messages",
        "a length that cannot be",
        "a packet of an interface that was not described",
    ];

    public static string Describe(CaptureError error) => Texts[(int)error];
}
