using System;
using System.IO;

namespace Flowd.Store;

/// <summary>A stream of which some octets have been read already, as if they had not.</summary>
internal sealed class PrefixStream(byte[] prefix, Stream rest) : ForwardStream
{
    private int _at;

    /// <summary>The octets that are still to be read again.</summary>
    public ReadOnlySpan<byte> Unread => prefix.AsSpan(_at);

    public Stream Rest => rest;

    public override int Read(Span<byte> buffer)
    {
        if (_at == prefix.Length)
            return rest.Read(buffer);
        int length = Math.Min(buffer.Length, prefix.Length - _at);
        prefix.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        return length;
    }
}
