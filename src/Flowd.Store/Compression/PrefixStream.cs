using System;
using System.IO;

namespace Flowd.Store;

/// <summary>A pipe of which some octets have been read already, as if they had not.</summary>
internal sealed class PrefixStream(byte[] prefix, Stream rest) : ForwardStream
{
    private int _at;

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
