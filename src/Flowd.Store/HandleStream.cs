using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>Reads an open file from a given offset. Leaves the descriptor's own position alone, and does not close it.</summary>
internal sealed class HandleStream(SafeFileHandle file, long position) : Stream
{
    private long _position = position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => Math.Min(Limit, RandomAccess.GetLength(file));

    /// <summary>Where the stream ends, if the file does not before.</summary>
    public long Limit { get; set; } = long.MaxValue;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int length = (int)Math.Clamp(Limit - _position, 0, buffer.Length);
        int read = RandomAccess.Read(file, buffer[..length], _position);
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
