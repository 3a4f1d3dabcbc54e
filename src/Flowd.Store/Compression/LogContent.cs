using System;
using System.IO;

namespace Flowd.Store;

/// <summary>The records of a log as one stream of octets, however the file keeps them, and the way to a place in it.</summary>
internal static class LogContent
{
    private const int Piece = 64 * 1024;
    private const int MajorVersion = 3;

    /// <summary>
    /// Begins where the stream stands; looks at no more of a pipe than it must. Of a compressed log with an index blocks are left out that hold nothing of
    /// the selection, if there is one.
    /// </summary>
    public static Stream Open(Stream stream, Action<LogGap>? onGap, LogSelection? selection = null, Func<bool>? goesOn = null)
    {
        Span<byte> start = stackalloc byte[LogEncodings.SignatureLength];
        int read = stream.Read(start[..1]);
        if (read == 1 && LogEncodings.MayBeCompressed(start[0]))
            read += stream.ReadAtLeast(start[1..], start.Length - 1, throwOnEndOfStream: false);
        LogEncoding encoding = LogEncodings.Detect(start[..read]);
        Stream whole = stream;
        if (stream.CanSeek)
            encoding = Rewind(stream, start[..read], encoding);
        else if (read > 0)
            whole = new PrefixStream(start[..read].ToArray(), stream);
        return encoding switch
        {
            LogEncoding.Zstd => new ZstdStream(whole, onGap, SkipperOf(whole, selection, onGap), goesOn),
            LogEncoding.Gzip => new GzipStream(whole, onGap),
            _ => whole,
        };
    }

    // The signature itself may be damaged. Then it counts what comes first: a record, or a frame.
    private static LogEncoding Rewind(Stream stream, ReadOnlySpan<byte> start, LogEncoding encoding)
    {
        long begin = stream.Position -= start.Length;
        if (encoding != LogEncoding.Plain || start.IsEmpty || start[0] >> 5 == MajorVersion || start[0] == LegacyLogReader.MagicFirst)
            return encoding;
        byte[] more = new byte[Piece];
        ReadOnlySpan<byte> rest = more.AsSpan(0, stream.ReadAtLeast(more, more.Length, throwOnEndOfStream: false));
        stream.Position = begin;
        for (; rest.Length >= LogEncodings.SignatureLength; rest = rest[1..])
        {
            if (LogRecord.IsRecord(rest, out _))
                return LogEncoding.Plain;
            if (LogEncodings.Detect(rest) == LogEncoding.Zstd && FrameHeader.TryRead(rest, out _) == LogError.None)
                return LogEncoding.Zstd;
        }

        return encoding;
    }

    /// <summary>Skips so many octets of content, without decoding where that can be; returns how many there were.</summary>
    public static long Skip(Stream content, long octets)
    {
        if (content.CanSeek)
        {
            long there = Math.Clamp(content.Length - content.Position, 0, octets);
            content.Position += there;
            return there;
        }

        long skipped = content is ZstdStream frames ? frames.SkipFrames(octets) : 0;
        byte[] piece = new byte[(int)Math.Min(Piece, octets - skipped)];
        while (skipped < octets)
        {
            int read = content.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, octets - skipped)));
            if (read == 0)
                break;
            skipped += read;
        }

        return skipped;
    }

    private static Func<long, long, BlockEntry?>? SkipperOf(Stream file, LogSelection? selection, Action<LogGap>? onGap)
    {
        if (selection is null || !file.CanSeek)
            return null;
        long begin = file.Position;
        if (LogIndex.TryRead(file, out LogIndex? index) == LogError.DamagedIndex)
            onGap?.Invoke(new LogGap(file.Length, 0, LogError.DamagedIndex));
        if (index is null)
            return null;
        return (offset, content) => index.At(begin + offset, content) is { } block && !block.MayHave(selection) ? block : null;
    }
}
