using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Who a file belongs to, and what it is: what .NET does not tell. Mode: as in inode(7).</summary>
public readonly record struct FileOwner(uint Uid, uint Gid, ushort Mode)
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int FileType = 0x8000;
    private const int FolderType = 0x4000;
    private const int WritableByOthers = 0x12; // group and others

    public bool IsSocket => (Mode & TypeMask) == SocketType;

    public bool IsFile => (Mode & TypeMask) == FileType;

    public bool IsFolder => (Mode & TypeMask) == FolderType;

    public bool OnlyOwnerWrites => (Mode & WritableByOthers) == 0;

    /// <summary>True for a file that no folder names any more, or of which nothing can be told.</summary>
    public static unsafe bool IsRemoved(SafeFileHandle file)
    {
        Libc.statx_t status;
        return Libc.statx((int)file.DangerousGetHandle(), "", Libc.AT_EMPTY_PATH, Libc.STATX_NLINK, &status) < 0 || status.stx_nlink == 0;
    }

    /// <summary>Follows symbolic links. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static FileOwner Of(string path) => Of(Libc.AT_FDCWD, path, flags: 0);

    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static FileOwner Of(SafeFileHandle file) => Of((int)file.DangerousGetHandle(), "", Libc.AT_EMPTY_PATH);

    private static unsafe FileOwner Of(int directory, string path, int flags)
    {
        Libc.statx_t status;
        Libc.Check(Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS, &status));
        return new FileOwner(status.stx_uid, status.stx_gid, status.stx_mode);
    }
}
