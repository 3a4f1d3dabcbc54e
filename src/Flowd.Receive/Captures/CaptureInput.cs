using System;
using System.IO;

namespace Flowd.Receive.Captures;

/// <summary>The octets of a capture, taken from the front. What was taken last stays valid until the next call.</summary>
internal sealed class CaptureInput(Stream stream)
{
    private byte[] _octets = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where in the capture the next octet stands.</summary>
    public long Offset { get; private set; }

    /// <summary>True if there is nothing more.</summary>
    public bool AtEnd => !Fill(1);

    /// <summary>Looks at the next octets; false if there are not so many.</summary>
    public bool TryPeek(int count, out ReadOnlySpan<byte> octets)
    {
        bool isThere = Fill(count);
        octets = isThere ? _octets.AsSpan(_start, count) : default;
        return isThere;
    }

    public bool TryTake(int count, out ReadOnlySpan<byte> octets)
    {
        if (!TryPeek(count, out octets))
            return false;
        _start += count;
        Offset += count;
        return true;
    }

    private bool Fill(int count)
    {
        if (_end - _start >= count)
            return true;
        _octets.AsSpan(_start, _end - _start).CopyTo(_octets);
        (_start, _end) = (0, _end - _start);
        if (_octets.Length < count)
            Array.Resize(ref _octets, count);
        while (_end < count)
        {
            int read = stream.Read(_octets, _end, _octets.Length - _end);
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }
}
