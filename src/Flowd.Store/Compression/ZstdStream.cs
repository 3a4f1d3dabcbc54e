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
    private bool _isLastBlock;
    private bool _hasChecksum;
    private int _piece; // octets that belong together, and are not decoded yet
    private long _frameOffset;
    private long _gapFrom = -1;
    private LogError _gapCause;

    /// <param name="stream">The file, from a frame on.</param>
    /// <param name="onGap">Told of frames that are left out; offsets and lengths are those in the file.</param>
    /// <param name="toSkip">The frame that begins at an offset and has so many octets of content, if it need not be read.</param>
    /// <param name="goesOn">Whether there is more of a file by now that ended within a frame.</param>
    public ZstdStream(Stream stream, Action<LogGap>? onGap, Func<long, long, BlockEntry?>? toSkip = null, Func<bool>? goesOn = null)
    {
        _frames = new FrameBuffer(stream, goesOn);
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

    /// <summary>The file ended behind a whole frame, and may go on by now.</summary>
    public void Resume() => _frames.Resume();

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
        if (_frames.IsAtEnd() || (_gapFrom >= 0 && !_frames.TryFindMagic()))
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
            BeginPieces(in header);
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
        LogError error = _frames.TryPeekFrame(in header, out ReadOnlySpan<byte> frame);
        if (error != LogError.None)
        {
            Damaged(error);
        }
        else if (TryDecodeWhole(frame, length))
        {
            ReportGapBefore(_frameOffset);
            _frames.Advance(frame.Length);
            _end = length;
        }
        else
        {
            Damaged(LogError.DamagedFrame);
        }
    }

    private bool TryDecodeWhole(ReadOnlySpan<byte> frame, int length)
    {
        try
        {
            return _decompressor.TryUnwrap(frame, _content, out int written) && written == length;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    private void BeginPieces(in FrameHeader header)
    {
        ReportGapBefore(_frameOffset);
        _decompressor.ResetStream();
        (_isInFrame, _isLastBlock, _hasChecksum) = (true, false, header.HasChecksum);
        _piece = header.Length;
    }

    // The header, a block or the checksum: so it is known where the frame ends. What comes of one has room in what it is decoded to.
    private bool TryDecodePiece()
    {
        if (_piece == 0 && !TryFindPiece())
            return true;
        if (_frames.Next.IsEmpty && !_frames.Fill())
        {
            Damaged(LogError.Truncated);
            return true;
        }

        if (!TryDecode(_frames.Next[..Math.Min(_piece, _frames.Next.Length)], out int consumed))
        {
            Damaged(LogError.DamagedFrame);
            return true;
        }

        _frames.Advance(consumed);
        _piece -= consumed;
        return true;
    }

    // False at the end of the frame, or where there is no block.
    private bool TryFindPiece()
    {
        if (_isLastBlock)
        {
            (_piece, _isInFrame, _hasChecksum) = (_hasChecksum ? FrameHeader.ChecksumLength : 0, _hasChecksum, false);
            return _isInFrame;
        }

        ReadOnlySpan<byte> next = _frames.Peek(FrameHeader.BlockHeaderLength);
        _piece = next.Length < FrameHeader.BlockHeaderLength ? 0 : FrameHeader.BlockLength(next, out _isLastBlock);
        if (_piece == 0)
            Damaged(next.Length < FrameHeader.BlockHeaderLength ? LogError.Truncated : LogError.DamagedFrame);
        return _piece > 0;
    }

    private bool TryDecode(ReadOnlySpan<byte> octets, out int consumed)
    {
        consumed = 0;
        try
        {
            return _decompressor.UnwrapStream(octets, _content, out consumed, out _end) != OperationStatus.InvalidData && consumed > 0;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    private void Damaged(LogError error)
    {
        _frames.Rewind();
        (_at, _end, _isInFrame) = (0, 0, false);
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
