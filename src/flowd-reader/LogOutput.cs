using System;
using System.IO;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>
/// The log that -o writes. A file takes its name only when it is complete, so what stood there before is kept until then, and
/// nothing of it afterwards.
/// </summary>
internal sealed class LogOutput
{
    private const int WriteLength = 64 * 1024;

    private readonly byte[] _records = new byte[WriteLength + LogRecord.MaxLength];
    private readonly Stream _stream;
    private readonly string? _path;
    private readonly string? _temporary;
    private int _length;

    /// <summary>Writes to a stream, which stays open.</summary>
    public LogOutput(Stream stream) => _stream = stream;

    private LogOutput(Stream stream, string path, string? temporary)
    {
        _stream = stream;
        _path = path;
        _temporary = temporary;
    }

    /// <summary>Begins a file; IOException or UnauthorizedAccessException if it cannot be made.</summary>
    public static LogOutput Create(string path)
    {
        string target = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } linked ? linked.FullName : path;
        if (TryOpenSpecial(target) is { } special)
            return new LogOutput(special, target, null);

        string folder = Path.GetDirectoryName(Path.GetFullPath(target)) ?? "/";
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(temporary, options);
        return new LogOutput(stream, target, temporary);
    }

    public void Write(in FlowRecord record, LogFields mask, ReadOnlySpan<byte> other)
    {
        _length += LogRecord.Write(in record, mask, _records.AsSpan(_length), other);
        if (_length >= WriteLength)
            Flush();
    }

    /// <summary>Writes octets that are records already.</summary>
    public void Write(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _records.Length - _length)
            Flush();
        if (octets.Length > _records.Length)
        {
            _stream.Write(octets);
            return;
        }

        octets.CopyTo(_records.AsSpan(_length));
        _length += octets.Length;
        if (_length >= WriteLength)
            Flush();
    }

    public void Flush()
    {
        int length = _length;
        _length = 0;
        if (length > 0)
            _stream.Write(_records, 0, length);
        _stream.Flush();
    }

    /// <summary>Writes the rest; the file gets its name.</summary>
    public void Complete()
    {
        Flush();
        if (_path is null)
            return;
        _stream.Dispose();
        if (_temporary is not null)
            File.Move(_temporary, _path, overwrite: true);
    }

    /// <summary>Leaves things as they were.</summary>
    public void Abandon()
    {
        if (_path is null)
            return;
        _stream.Dispose();
        if (_temporary is not null)
            File.Delete(_temporary);
    }

    // A device or a pipe is written to, not replaced: nobody wants /dev/null to become a file.
    private static FileStream? TryOpenSpecial(string path)
    {
        if (!File.Exists(path))
            return null;
        var existing = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (!existing.CanSeek || IsUnder("/dev/", path) || IsUnder("/proc/", path))
            return existing;
        existing.Dispose();
        return null;
    }

    private static bool IsUnder(string folder, string path) => Path.GetFullPath(path).StartsWith(folder, StringComparison.Ordinal);
}
