using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Which file it is, by whatever name it was opened; as long as it is open, no other is the same.</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static FileIdentity Of(SafeFileHandle file)
    {
        Libc.Check(TryGet(file, out FileIdentity identity, out long _) ? 0 : -1, "statx");
        return identity;
    }

    /// <summary>The same, with its length in octets, which says nothing of what is no regular file.</summary>
    internal static unsafe bool TryGet(SafeFileHandle file, out FileIdentity identity, out long length)
    {
        Libc.statx_t status = default;
        bool isKnown = Libc.statx((int)file.DangerousGetHandle(), "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0;
        length = (long)status.stx_size;
        identity = new FileIdentity((ulong)status.stx_dev_major << 32 | status.stx_dev_minor, status.stx_ino);
        return isKnown;
    }
}
