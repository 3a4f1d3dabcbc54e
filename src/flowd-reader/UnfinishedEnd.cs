using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Flowd.Reader;

/// <summary>
/// The end of a log that is being written: many records go into it in one write, of which the file system shows the beginning before the rest is there. So a log
/// that has just grown, and ends within a record, is asked again.
/// </summary>
internal sealed class UnfinishedEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(2);

    private readonly FileStream _file;
    private long _isAll = -1; // where nothing came

    private UnfinishedEnd(FileStream file) => _file = file;

    /// <summary>What waits for more of a log, which was read to its end, and says whether there is some. Null for what is no file.</summary>
    public static Func<bool>? Of(Stream log) => log switch
    {
        FileStream { CanSeek: true } file => new UnfinishedEnd(file).GoesOn,
        CountingStream counted => Of(counted.File),
        _ => null,
    };

    private bool GoesOn()
    {
        long read = _file.Position;
        if (read == _isAll)
            return false;
        for (long start = Stopwatch.GetTimestamp(); RandomAccess.GetLength(_file.SafeFileHandle) <= read; Thread.Sleep(1))
        {
            if (Stopwatch.GetElapsedTime(start) < Patience && DateTime.UtcNow - File.GetLastWriteTimeUtc(_file.SafeFileHandle) < Lately)
                continue;
            _isAll = read;
            return false;
        }

        return true;
    }
}
