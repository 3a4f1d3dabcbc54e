using System.Buffers;

namespace Flowd.Receive.Sessions;

/// <summary>
/// Cuts what comes over a connection into messages. Each says in its header how long it is (RFC 7011 section 3.1); once that is wrong, nobody
/// knows where the next begins.
/// </summary>
public static class MessageFraming
{
    /// <summary>The header of an IPFIX message, in octets.</summary>
    public const int HeaderLength = 16;

    private const int Version = 10;
    private const int LengthOfStart = 4; // version, length

    /// <summary>Takes the next message off, if it is whole. False if it is not, or with an error.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> received, out ReadOnlySequence<byte> message, out SessionEnd error)
    {
        message = default;
        var reader = new SequenceReader<byte>(received);
        error = IsVersion(ref reader) ? SessionEnd.None : SessionEnd.BadVersion;
        if (error != SessionEnd.None || received.Length < LengthOfStart)
            return false;
        reader.TryRead(out byte high);
        reader.TryRead(out byte low);
        int length = high << 8 | low;
        if (length < HeaderLength)
            error = SessionEnd.BadLength;
        if (length < HeaderLength || received.Length < length)
            return false;
        message = received.Slice(0, length);
        received = received.Slice(length);
        return true;
    }

    // As far as it is there: one octet is enough to see that it is something else.
    private static bool IsVersion(ref SequenceReader<byte> reader)
        => (!reader.TryRead(out byte high) || high == 0) && (!reader.TryRead(out byte low) || low == Version);
}
