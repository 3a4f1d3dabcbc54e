using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>A lock on an open file, flock(2): it lasts as long as any descriptor of that opening is open, in whatever process.</summary>
public static class FileLock
{
    /// <summary>False if somebody else has it. Of what is no regular file nobody needs one.</summary>
    public static bool TryTake(SafeFileHandle file)
        => !FileOwner.Of(file).IsFile || Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) == 0 || Libc.Errno != Libc.EAGAIN;
}
