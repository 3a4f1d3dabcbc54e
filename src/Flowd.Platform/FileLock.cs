using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// A lock on an open file that belongs to the opening (fcntl(2), "open file description locks"): it lasts as long as any descriptor of it is open, in
/// whatever process. Readers do not notice it, and it is not that of flock(2), which class libraries take when they open files.
/// </summary>
public static unsafe class FileLock
{
    /// <summary>False if somebody else has it. Of what is no regular file nobody needs one.</summary>
    public static bool TryTake(SafeFileHandle file) => TryTake(file, Libc.F_WRLCK);

    /// <summary>
    /// Takes it together with other openings of ours. <paramref name="isOurs"/>: there are such; else nobody at all may have it. False if somebody
    /// else has it.
    /// </summary>
    public static bool TryShare(SafeFileHandle file, bool isOurs) => (isOurs || TryTake(file)) && TryTake(file, Libc.F_RDLCK);

    private static bool TryTake(SafeFileHandle file, short type)
    {
        if (!FileOwner.Of(file).IsFile)
            return true;
        var whole = new Libc.flock_t { l_type = type };
        return Libc.fcntl(file, Libc.F_OFD_SETLK, &whole) == 0 || Libc.Errno is not (Libc.EAGAIN or Libc.EACCES);
    }
}
