namespace Flowd.Store;

/// <summary>What became of opening a log for appending.</summary>
/// <param name="Error">None if records can be appended now.</param>
/// <param name="Offset">Where the torn end began, in octets.</param>
/// <param name="Length">How many octets of it were cut off; 0 if nothing was torn.</param>
/// <param name="Detail">What the system said, when it was the system that refused.</param>
public readonly record struct LogOpenResult(LogError Error, long Offset = 0, long Length = 0, string? Detail = null)
{
    public bool Succeeded => Error == LogError.None;
}

/// <summary>What became of a flush.</summary>
/// <param name="Errno">The error number of the system, or 0.</param>
/// <param name="Message">What the system said; null if all is well.</param>
public readonly record struct LogFlushResult(int Errno, string? Message)
{
    private const int Enoent = 2;

    /// <summary>The file has lost its name; the records wait for another.</summary>
    public static readonly LogFlushResult Removed = new(Enoent, "the file was removed");

    public bool FileIsGone => Errno == Enoent;

    public bool Succeeded => Message is null;
}
