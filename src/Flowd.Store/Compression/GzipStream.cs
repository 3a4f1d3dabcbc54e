using System;
using System.IO;
using System.IO.Compression;

namespace Flowd.Store;

/// <summary>What is in a log that somebody compressed with gzip(1). Behind damage nothing of it can be read, which is reported.</summary>
internal sealed class GzipStream(Stream stream, Action<LogGap>? onGap) : ForwardStream
{
    private readonly CountingStream _file = new(stream);
    private GZipStream? _content;
    private bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        if (_isOver)
            return 0;
        try
        {
            _content ??= new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
            return _content.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            _isOver = true;
            GiveUp();
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content?.Dispose();
        base.Dispose(disposing);
    }

    private void GiveUp()
    {
        long at = _file.Octets;
        _file.CopyTo(Null);
        onGap?.Invoke(new LogGap(at, _file.Octets - at, LogError.DamagedFrame));
    }

    private sealed class CountingStream(Stream inner) : ForwardStream
    {
        public long Octets { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            Octets += read;
            return read;
        }
    }
}
