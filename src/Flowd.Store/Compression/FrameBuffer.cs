using System;
using System.IO;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// The octets of a compressed log from where the present frame begins, so that after damage nothing behind its start is lost. What is longer than the
/// buffer may become is let go from the front: then there is no way back.
/// </summary>
internal sealed class FrameBuffer(Stream stream, Func<bool>? goesOn)
{
    private const int Usual = 256 * 1024;

    /// <summary>Read at once: little, because the next frame may be one to skip.</summary>
    private const int Piece = 32 * 1024;

    /// <summary>More than a frame takes whose content is of usual size.</summary>
    private const int Most = 32 * 1024 * 1024;

    private byte[] _octets = new byte[Usual];
    private int _frame; // where the frame begins, or what is left of it
    private int _at;
    private int _end;
    private bool _ended;

    /// <summary>Where in the file the octets that come next stand.</summary>
    public long Offset { get; private set; }

    public ReadOnlySpan<byte> Next => _octets.AsSpan(_at, _end - _at);

    /// <summary>True where the file ends behind a frame.</summary>
    public bool IsAtEnd() => Next.IsEmpty && !TryRead();

    /// <summary>At least so many of the next octets, fewer only at the end or where so many are too many.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Next.Length < count && Fill())
        {
        }

        return Next;
    }

    /// <summary>All octets of the frame that begins here; Truncated if the file ends in it, DamagedFrame if they are no frame, or too many.</summary>
    public LogError TryPeekFrame(in FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        int length = header.Length;
        for (bool isLast = false; !isLast;)
        {
            ReadOnlySpan<byte> next = Peek(length + FrameHeader.BlockHeaderLength);
            if (next.Length < length + FrameHeader.BlockHeaderLength)
                return LogError.Truncated;
            int block = FrameHeader.BlockLength(next[length..], out isLast);
            length += block;
            if (block == 0 || length > Most / 2)
                return LogError.DamagedFrame;
        }

        length += header.HasChecksum ? FrameHeader.ChecksumLength : 0;
        if (Peek(length).Length < length)
            return LogError.Truncated;
        frame = Next[..length];
        return LogError.None;
    }

    public void Advance(int count)
    {
        _at += count;
        Offset += count;
    }

    /// <summary>The file has ended, and may go on by now.</summary>
    public void Resume() => _ended = false;

    /// <summary>The next octets are the beginning of a frame: what is before them is not needed any more.</summary>
    public void BeginFrame() => _frame = _at;

    /// <summary>Goes back to the beginning of the frame, as far as it is still there.</summary>
    public void Rewind()
    {
        Offset -= _at - _frame;
        _at = _frame;
    }

    /// <summary>Skips so many octets; false if there are not so many.</summary>
    public bool TrySkip(long count)
    {
        while (count > Next.Length)
        {
            count -= Next.Length;
            Advance(Next.Length);
            BeginFrame();
            if (stream.CanSeek && count > Piece)
                return TrySeek(count);
            if (!Fill())
                return false;
        }

        Advance((int)count);
        return true;
    }

    /// <summary>Skips to the next place where a frame may begin; false at the end, to which it skips then.</summary>
    public bool TryFindMagic()
    {
        while (true)
        {
            ReadOnlySpan<byte> next = Peek(sizeof(uint));
            for (int i = 0; i + sizeof(uint) <= next.Length; i++)
            {
                if (!FrameHeader.IsMagic(ReadUInt32LittleEndian(next[i..])))
                    continue;
                Advance(i);
                return true;
            }

            if (next.Length < sizeof(uint))
            {
                Advance(next.Length);
                return false;
            }

            Advance(next.Length - sizeof(uint) + 1);
            BeginFrame();
        }
    }

    /// <summary>Reads more of a frame. False at the end of the file.</summary>
    public bool Fill()
    {
        while (!TryRead())
        {
            if (goesOn?.Invoke() != true)
                return false;
            Resume();
        }

        return true;
    }

    private bool TryRead()
    {
        if (_ended)
            return false;
        if (_end == _octets.Length)
            MakeRoom();
        int read = stream.Read(_octets, _end, Math.Min(_octets.Length - _end, Piece));
        _end += read;
        _ended = read == 0;
        return !_ended;
    }

    private void MakeRoom()
    {
        if (_frame == 0 && _octets.Length >= Most)
            _frame = _at; // no way back from here on
        if (_frame > 0)
        {
            _octets.AsSpan(_frame, _end - _frame).CopyTo(_octets);
            _at -= _frame;
            _end -= _frame;
            _frame = 0;
        }
        else
        {
            Array.Resize(ref _octets, _octets.Length * 2);
        }
    }

    private bool TrySeek(long count)
    {
        if (stream.Length - stream.Position < count)
            return false;
        stream.Seek(count, SeekOrigin.Current);
        Offset += count;
        (_frame, _at, _end) = (0, 0, 0);
        return true;
    }
}
