using System;

namespace Flowd.Decode;

/// <summary>One row of the <see cref="VersionTable"/>: decodes the datagrams of one protocol version. Holds no state of its own.</summary>
internal abstract class MessageDecoder
{
    /// <summary>Adds the records of the datagram, whose first two octets are the version, to the batch; reports errors to the context.</summary>
    public abstract void Decode(ReadOnlySpan<byte> datagram, DecodeContext context);
}
