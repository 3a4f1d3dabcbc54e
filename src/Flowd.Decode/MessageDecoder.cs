using System;

namespace Flowd.Decode;

/// <summary>
/// One row of the <see cref="VersionTable"/>: decodes the datagrams of one protocol version. Shared by all threads, so it has no state:
/// what changes is in the context.
/// </summary>
internal abstract class MessageDecoder
{
    /// <summary>Adds the records of a datagram of that version to the batch; reports errors to the context.</summary>
    public abstract void Decode(ReadOnlySpan<byte> datagram, DecodeContext context);
}
