namespace Flowd.Store;

/// <summary>What to tell people about a <see cref="LogError"/>: half a sentence, to stand behind file and offset.</summary>
public static class LogErrorText
{
    private static readonly string[] Texts =
    [
        "no error",
        "end of log",
        "incomplete record",
        "not a version 3 record",
        "unknown fields",
        "length does not match the fields",
        "both IPv4 and IPv6 form of one address",
        "checksum mismatch",
        "checksum missing",
        "reserved octets are not zero",
        "log of version 2",
        "not a log of version 2",
        "not a flow log",
        "a compressed log, and the configuration has no \"compress\" for it",
        "a log without compression, and the configuration says \"compress\"",
        "damaged frame",
        "a frame without records",
        "damaged index",
        "torn end could not be cut off",
    ];

    public static string Describe(LogError error) => Texts[(int)error];
}
