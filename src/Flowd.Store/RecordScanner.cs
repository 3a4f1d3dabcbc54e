using System;
using System.IO;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>
/// Walks over the records of a stream, in one reused block, and finds the next record after damage. It reads no further ahead
/// than it must, so that the records of a pipe can be seen as they come.
/// </summary>
internal sealed partial class RecordScanner(Stream stream, RecordFormat format, long offset, Action<LogGap>? onGap, Func<bool>? giveUp = null, Func<bool>? goesOn = null)
{
    private const int BlockLength = 256 * 1024;

    /// <summary>At least as much; what a processor's nearer caches hold, so that it is there still when it is looked at again.</summary>
    private const int BatchLength = 256 * 1024;

    /// <summary>So many octets on end without a record are enough of a compressed frame.</summary>
    private const int MostOfNothing = 64 * 1024 * 1024;

    private readonly byte[] _block = new byte[BlockLength];
    private readonly RecordLayouts _layouts = new();
    private int _start;
    private int _end;
    private bool _ended;
    private int _recordLength;

    /// <summary>Where the next record, or the next gap, begins.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Where the last record began.</summary>
    public long RecordOffset { get; private set; }

    public long Gaps { get; private set; }

    /// <summary>The last record as it stands in the log, until the next call; empty if that found none.</summary>
    public ReadOnlySpan<byte> RecordOctets => _block.AsSpan(_start - _recordLength, _recordLength);

    private ReadOnlySpan<byte> Rest => _block.AsSpan(_start, _end - _start);

    /// <summary>The next octets, fewer if the stream has fewer, without taking them.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Rest.Length < count && Fill())
        {
        }

        return Rest[..Math.Min(count, Rest.Length)];
    }

    /// <summary>The next record; false at the end. What is skipped on the way is reported first.</summary>
    public bool TryRead(out FlowRecord record)
    {
        record = default;
        return TryRead(LogFields.Everything, ref record);
    }

    /// <summary>The same, of which only some sections are read, at least; see <see cref="RecordLayout.Decode"/>.</summary>
    public bool TryRead(LogFields wanted, ref FlowRecord record)
        => (format.HasLayouts && TryReadInStep(wanted, ref record)) || TryReadWithCare(out record);

    // Most records are whole and in the block, as is the one before.
    private bool TryReadInStep(LogFields wanted, ref FlowRecord record)
    {
        ReadOnlySpan<byte> rest = Rest;
        if (rest.Length < LogRecord.HeaderLength || _layouts.Find(ReadUInt64BigEndian(rest)) is not { } layout)
            return false;
        if ((!layout.IsChecked && _lastIsChecked == true) || !layout.IsTrue(rest))
            return false;
        layout.Decode(rest, wanted, ref record);
        Take(layout.Length, layout.IsChecked);
        return true;
    }

    private bool TryReadWithCare(out FlowRecord record)
    {
        _recordLength = 0;
        LogError error = CheckInStep(out int length);
        if (error is not (LogError.None or LogError.EndOfLog))
            error = Resynchronise(error, ref length);
        if (error != LogError.None)
        {
            record = default;
            return false;
        }

        format.Decode(Rest[..length], out record);
        Take(length, (record.Fields & LogFields.Crc32) != 0);
        return true;
    }

    /// <summary>The stream has ended, and may go on by now.</summary>
    public void Resume() => _ended = false;

    /// <summary>Forgets what was read from that offset on: the stream stands there again.</summary>
    public void Restart(long offset)
    {
        (_start, _end, _recordLength, _ended) = (0, 0, 0, false);
        Offset = offset;
    }

    // Truncated only if the stream ends inside the record.
    private LogError CheckAt(int ahead, out int length)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = Rest;
            length = 0;
            LogError error = ahead <= rest.Length ? format.Check(rest[ahead..], out length) : LogError.Truncated;
            if (error is not (LogError.Truncated or LogError.EndOfLog))
                return error;
            if (!Fill() && !(error == LogError.Truncated && TryResume()))
                return error;
        }
    }

    // A few octets of a compressed log can stand for gigabytes of nothing.
    private void GiveUpIfLong(long from)
    {
        if ((Offset - from) % MostOfNothing == 0 && giveUp?.Invoke() == true)
            Skip(_end - _start);
    }

    private void Take(int length, bool isChecked)
    {
        _shortest = Math.Min(_shortest, length);
        _lastIsChecked = isChecked;
        RecordOffset = Offset;
        Skip(length);
        _recordLength = length;
    }

    private void Skip(int count)
    {
        _start += count;
        Offset += count;
    }

    // False at the end of the stream.
    private bool Fill()
    {
        if (_ended)
            return false;
        if (_start > 0)
        {
            Rest.CopyTo(_block);
            _end -= _start;
            _start = 0;
        }

        int read = stream.Read(_block, _end, _block.Length - _end);
        _end += read;
        _ended = read == 0;
        return !_ended;
    }

    // Of what ended within a record there may be more by now.
    private bool TryResume()
    {
        if (goesOn?.Invoke() != true)
            return false;
        Resume();
        return true;
    }
}
