namespace Flowd.Platform;

/// <summary>Who a file belongs to, and what it is: what .NET does not tell. Mode: as in inode(7).</summary>
public readonly record struct FileOwner(uint Uid, uint Gid, ushort Mode)
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int FolderType = 0x4000;
    private const int WritableByOthers = 0x12; // group and others

    public bool IsSocket => (Mode & TypeMask) == SocketType;

    public bool IsFolder => (Mode & TypeMask) == FolderType;

    public bool OnlyOwnerWrites => (Mode & WritableByOthers) == 0;

    /// <summary>Follows symbolic links. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static unsafe FileOwner Of(string path)
    {
        Libc.statx_t status;
        Libc.Check(Libc.statx(Libc.AT_FDCWD, path, 0, Libc.STATX_BASIC_STATS, &status));
        return new FileOwner(status.stx_uid, status.stx_gid, status.stx_mode);
    }
}
