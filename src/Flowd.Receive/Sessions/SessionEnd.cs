namespace Flowd.Receive.Sessions;

/// <summary>Why a connection ended, or was not taken.</summary>
public enum SessionEnd : byte
{
    None,

    /// <summary>The exporter closed it, between two messages.</summary>
    Closed,

    /// <summary>The exporter closed it in the middle of a message.</summary>
    CutShort,

    /// <summary>What came is no IPFIX.</summary>
    BadVersion,

    /// <summary>A message said to be shorter than its own header.</summary>
    BadLength,

    /// <summary>A message, or the handshake of TLS, took too long.</summary>
    TooSlow,

    /// <summary>Nothing came for too long.</summary>
    Idle,

    /// <summary>The network or the peer broke it.</summary>
    Broken,

    /// <summary>No TLS came about: no TLS at all, none in common, or no certificate that is good.</summary>
    NotAuthenticated,

    /// <summary>Not one of the `flow source` addresses.</summary>
    NotASource,

    /// <summary>The exporter has as many connections as one may have.</summary>
    TooMany,

    /// <summary>There were as many connections as there may be, and this one had been silent for longest.</summary>
    GaveWay,

    /// <summary>We ended it: the configuration changed, or flowd stops.</summary>
    Dismissed,
}

/// <summary>The reasons in words.</summary>
public static class SessionEndText
{
    /// <summary>Continues "connection of an exporter ended: ".</summary>
    public static string Describe(SessionEnd end) => end switch
    {
        SessionEnd.Closed => "closed by the exporter",
        SessionEnd.CutShort => "closed by the exporter in the middle of a message",
        SessionEnd.BadVersion => "not IPFIX",
        SessionEnd.BadLength => "a message shorter than its header",
        SessionEnd.TooSlow => "too slow",
        SessionEnd.Idle => "idle for too long",
        SessionEnd.Broken => "broken by the network or the exporter",
        SessionEnd.NotAuthenticated => "no TLS, or no certificate that is good",
        SessionEnd.NotASource => "not a flow source",
        SessionEnd.TooMany => "the exporter has too many",
        SessionEnd.GaveWay => "gave way to another, because it was silent for longest",
        SessionEnd.Dismissed => "dismissed by flowd",
        _ => end.ToString(),
    };

    /// <summary>True if nobody did anything wrong.</summary>
    public static bool IsHarmless(SessionEnd end) => end is SessionEnd.None or SessionEnd.Closed or SessionEnd.Idle or SessionEnd.Dismissed;
}
