using System;
using System.Collections.Concurrent;
using System.IO;

namespace Flowd.Reader;

/// <summary>What a chunk of output is.</summary>
internal enum ChunkKind
{
    Text,
    Log,
    Message,
}

/// <summary>
/// Output of one log, handed from the thread that reads it to the one that writes it when its turn comes. Holds a few chunks: who is ahead waits.
/// </summary>
internal sealed class ChunkQueue : IDisposable
{
    private const int MostChunks = 8;

    private readonly BlockingCollection<(ChunkKind Kind, byte[] Octets)> _chunks = new(MostChunks);
    private volatile bool _isClosed;

    /// <summary>True if nobody takes the output any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _chunks.CompleteAdding();

    /// <summary>Takes the next chunk, waiting for it; false at the end.</summary>
    public bool TryTake(out (ChunkKind Kind, byte[] Octets) chunk) => _chunks.TryTake(out chunk, -1);

    /// <summary>Nothing more is taken: what is put in is dropped.</summary>
    public void Close()
    {
        _isClosed = true;
        while (TryTake(out _))
        {
        }
    }

    /// <summary>A stream that puts what is written to it here.</summary>
    public Stream Writer(ChunkKind kind) => new QueueStream(this, kind);

    public void Dispose() => _chunks.Dispose();

    private void Add(ChunkKind kind, byte[] octets)
    {
        if (!_isClosed)
            _chunks.Add((kind, octets));
    }

    private sealed class QueueStream(ChunkQueue queue, ChunkKind kind) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => queue.Add(kind, buffer.ToArray());
    }
}
