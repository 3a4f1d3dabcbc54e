using System.IO;

namespace Flowd.Platform;

/// <summary>Who a file belongs to, and what it is: what .NET does not tell. Mode: as in inode(7).</summary>
public readonly record struct FileOwner(uint Uid, uint Gid, ushort Mode)
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int FolderType = 0x4000;
    private const int FileType = 0x8000;
    private const int WritableByOthers = 0x12; // group and others

    public bool IsSocket => (Mode & TypeMask) == SocketType;

    public bool IsFolder => (Mode & TypeMask) == FolderType;

    /// <summary>Neither a folder nor a device, FIFO or socket.</summary>
    public bool IsRegular => (Mode & TypeMask) == FileType;

    public bool OnlyOwnerWrites => (Mode & WritableByOthers) == 0;

    /// <summary>True if a file may be put in that place: there is none yet, or a regular one. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static bool MayReplace(string path) => !Path.Exists(path) || Of(path).IsRegular;

    /// <summary>Follows symbolic links. Throws <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static unsafe FileOwner Of(string path)
    {
        Libc.statx_t status;
        Libc.Check(Libc.statx(Libc.AT_FDCWD, path, 0, Libc.STATX_BASIC_STATS, &status));
        return new FileOwner(status.stx_uid, status.stx_gid, status.stx_mode);
    }
}
