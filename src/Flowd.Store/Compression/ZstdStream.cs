using System;
using System.Buffers;
using System.IO;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Flowd.Store;

/// <summary>
/// What is in the frames of a compressed log, one after the other. A frame that cannot be decoded is left out and reported, and the next one that can be
/// is gone on with. Of a frame of usual size nothing is handed out before all of it is known to be true; a larger one is decoded as it is read.
/// </summary>
internal sealed class ZstdStream : ForwardStream
{
    /// <summary>Our own frames are no larger.</summary>
    private const int LargestWhole = 16 * 1024 * 1024;

    private const int Piece = 256 * 1024;

    private readonly Decompressor _decompressor = new();
    private readonly FrameBuffer _frames;
    private readonly Action<LogGap>? _onGap;
    private readonly Func<long, long, BlockEntry?>? _toSkip;
    private byte[] _content = new byte[Piece];
    private int _at;
    private int _end;
    private bool _isInFrame; // one that is decoded as it is read
    private long _frameOffset;
    private long _gapFrom = -1;
    private LogError _gapCause;

    /// <param name="stream">The file, from a frame on.</param>
    /// <param name="onGap">Told of frames that are left out; offsets and lengths are those in the file.</param>
    /// <param name="toSkip">The frame that begins at an offset and has so many octets of content, if it need not be read.</param>
    public ZstdStream(Stream stream, Action<LogGap>? onGap, Func<long, long, BlockEntry?>? toSkip = null)
    {
        _frames = new FrameBuffer(stream);
        _onGap = onGap;
        _toSkip = toSkip;
        _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, FrameHeader.WindowLogMost);
    }

    /// <summary>Whether the file ended in the middle of a frame.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>How much of the file has been read.</summary>
    public long FileOffset => _frames.Offset;

    public override int Read(Span<byte> buffer)
    {
        while (_at == _end)
        {
            (_at, _end) = (0, 0);
            if (_isInFrame ? !TryDecodePiece() : !TryBeginFrame())
                return 0;
        }

        int length = Math.Min(buffer.Length, _end - _at);
        _content.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        return length;
    }

    /// <summary>Skips whole frames without decoding them, as long as that does not lead behind so many decoded octets; returns how many.</summary>
    public long SkipFrames(long most)
    {
        long skipped = 0;
        while (FrameHeader.TryRead(_frames.Peek(FrameHeader.MostLength), out FrameHeader header) == LogError.None
            && (header.IsSkippable || (header.ContentLength >= 0 && header.ContentLength <= most - skipped)))
        {
            _frames.BeginFrame();
            if (!TrySkipFrame(in header))
            {
                _frames.Rewind();
                break;
            }

            skipped += header.IsSkippable ? 0 : header.ContentLength;
        }

        return skipped;
    }

    /// <summary>What comes of the present frame is of no use: it is left out, and reported. False if it is over already.</summary>
    public bool GiveUpFrame()
    {
        if (!_isInFrame)
            return false;
        (_at, _end) = (0, 0);
        _isInFrame = false;
        BeginGap(LogError.SenselessFrame);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decompressor.Dispose();
        base.Dispose(disposing);
    }

    // False at the end of the file. True with or without content: a frame may be empty, skipped or damaged.
    private bool TryBeginFrame()
    {
        _frames.BeginFrame();
        _frameOffset = _frames.Offset;
        if (_frames.Peek(1).IsEmpty || (_gapFrom >= 0 && !_frames.TryFindMagic()))
        {
            ReportGap();
            return false;
        }

        _frames.BeginFrame();
        _frameOffset = _frames.Offset;
        LogError error = FrameHeader.TryRead(_frames.Peek(FrameHeader.MostLength), out FrameHeader header);
        if (error != LogError.None)
            Damaged(error);
        else if (_toSkip?.Invoke(_frameOffset, header.ContentLength) is { } entry)
            Skip(entry);
        else if (header.IsSkippable)
            Skip(in header);
        else if (header.ContentLength is >= 0 and <= LargestWhole)
            DecodeWhole(in header);
        else
            BeginPieces();
        return true;
    }

    private void Skip(BlockEntry entry)
    {
        if (_frames.TrySkip(entry.Length))
            ReportGapBefore(_frameOffset);
        else
            Damaged(LogError.Truncated);
    }

    private void Skip(in FrameHeader header)
    {
        if (TrySkipFrame(in header))
            ReportGapBefore(_frameOffset);
        else
            Damaged(LogError.Truncated);
    }

    private bool TrySkipFrame(in FrameHeader header)
    {
        _frames.Advance(header.Length);
        if (header.IsSkippable)
            return _frames.TrySkip(header.ContentLength);
        for (bool isLast = false; !isLast;)
        {
            ReadOnlySpan<byte> block = _frames.Peek(FrameHeader.BlockHeaderLength);
            int length = block.Length < FrameHeader.BlockHeaderLength ? 0 : FrameHeader.BlockLength(block, out isLast);
            if (length == 0 || !_frames.TrySkip(length))
                return false;
        }

        return !header.HasChecksum || _frames.TrySkip(FrameHeader.ChecksumLength);
    }

    private void DecodeWhole(in FrameHeader header)
    {
        int length = (int)header.ContentLength;
        if (_content.Length < length)
            _content = new byte[Math.Max(length, _content.Length * 2)];
        _decompressor.ResetStream();
        for (int written = 0; ;)
        {
            LogError error = Decode(_content.AsSpan(written, length - written), out int more, out bool isDone);
            written += more;
            if (error != LogError.None || (isDone && written != length))
            {
                Damaged(error == LogError.None ? LogError.DamagedFrame : error);
                return;
            }

            if (!isDone)
                continue;
            ReportGapBefore(_frameOffset);
            _end = length;
            return;
        }
    }

    private void BeginPieces()
    {
        ReportGapBefore(_frameOffset);
        _decompressor.ResetStream();
        _isInFrame = true;
    }

    private bool TryDecodePiece()
    {
        LogError error = Decode(_content, out _end, out bool isDone);
        _isInFrame = error == LogError.None && !isDone;
        if (error != LogError.None)
            Damaged(error);
        return true;
    }

    // Some of the next octets. Without room for what is decoded it must be done, or is not as long as it says.
    private LogError Decode(Span<byte> destination, out int written, out bool isDone)
    {
        written = 0;
        isDone = false;
        if (_frames.Next.IsEmpty && !_frames.Fill())
            return LogError.Truncated;
        try
        {
            OperationStatus status = _decompressor.UnwrapStream(_frames.Next, destination, out int consumed, out written);
            _frames.Advance(consumed);
            isDone = status == OperationStatus.Done;
            return status == OperationStatus.InvalidData || (consumed == 0 && written == 0 && !isDone) ? LogError.DamagedFrame : LogError.None;
        }
        catch (ZstdException)
        {
            return LogError.DamagedFrame;
        }
    }

    private void Damaged(LogError error)
    {
        _frames.Rewind();
        IsTorn = error == LogError.Truncated;
        BeginGap(error);
        _frames.Advance(Math.Min(1, _frames.Next.Length));
    }

    private void BeginGap(LogError cause)
    {
        if (_gapFrom >= 0)
            return;
        (_gapFrom, _gapCause) = (_frameOffset, cause);
    }

    private void ReportGapBefore(long offset)
    {
        if (_gapFrom < 0)
            return;
        IsTorn = false;
        _onGap?.Invoke(new LogGap(_gapFrom, offset - _gapFrom, _gapCause));
        _gapFrom = -1;
    }

    private void ReportGap()
    {
        bool isTorn = IsTorn;
        ReportGapBefore(_frames.Offset);
        IsTorn = isTorn;
    }
}
