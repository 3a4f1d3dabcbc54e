using System;
using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// An open folder. What is done to its files is done by their plain names, so that no symbolic link on the way leads elsewhere; a link in the place of a
/// file is not followed either. All methods throw <see cref="Win32Exception"/> with errno's text.
/// </summary>
public sealed class Folder : IDisposable
{
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateFolder = 0x1C0; // 0700

    private readonly SafeFileHandle _handle;

    private Folder(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a folder that is there.</summary>
    public static Folder Open(string path)
        => new(Descriptors.Own(Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "open"));

    /// <summary>
    /// Opens a folder below this one, in steps of one name each. Those that are missing are made, for their owner alone, if wanted. Closes this one.
    /// </summary>
    public Folder Descend(string relative, bool make)
    {
        Folder folder = this;
        foreach (string name in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using Folder above = folder;
            folder = above.Enter(name, make);
        }

        return folder;
    }

    /// <summary>
    /// Opens a log: made if absent, every write appends, readable so that a torn end can be found. <paramref name="follow"/>: where a symbolic link
    /// has that name, the file that it names. Writing to a FIFO never waits for its reader.
    /// </summary>
    public SafeFileHandle OpenForAppend(string name, bool follow)
        => Open(name, Libc.O_RDWR | Libc.O_CREAT | Libc.O_APPEND | Libc.O_NONBLOCK | Libc.O_NOCTTY | (follow ? 0 : Libc.O_NOFOLLOW));

    public SafeFileHandle OpenForRead(string name) => Open(name, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_NOFOLLOW);

    public SafeFileHandle OpenForChange(string name) => Open(name, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_NOFOLLOW);

    /// <summary>Makes a file for its owner alone; it must not be there.</summary>
    public SafeFileHandle Create(string name) => Open(name, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOCTTY);

    /// <summary>Gives a file another name; false if something has that name.</summary>
    public bool TryRename(string from, string to)
    {
        if (Libc.renameat2(_handle, from, _handle, to, Libc.RENAME_NOREPLACE) == 0)
            return true;
        if (Libc.Errno == Libc.EEXIST)
            return false;
        Libc.Check(-1, "rename");
        return false;
    }

    /// <summary>Gives a file the name of another, which is gone then.</summary>
    public void Replace(string from, string to) => Libc.Check(Libc.renameat2(_handle, from, _handle, to, 0), "rename");

    /// <summary>Removes a file, if it is there.</summary>
    public void Remove(string name)
    {
        if (Libc.unlinkat(_handle, name, 0) < 0 && Libc.Errno != Libc.ENOENT)
            Libc.Check(-1, "unlink");
    }

    /// <summary>Removes a folder if it is empty; false if it is not, or not there.</summary>
    public bool TryRemoveFolder(string name) => Libc.unlinkat(_handle, name, Libc.AT_REMOVEDIR) == 0;

    /// <summary>Waits until the disk has the names.</summary>
    public void Sync() => Libc.Check(Libc.fsync(_handle));

    public void Dispose() => _handle.Dispose();

    private SafeFileHandle Open(string name, int flags)
    {
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
            throw new Win32Exception(Libc.EINVAL, "not the name of a file");
        return Descriptors.Own(Libc.openat(_handle, name, flags | Libc.O_CLOEXEC, PrivateFile), "open");
    }

    private Folder Enter(string name, bool make)
    {
        if (make && Libc.mkdirat(_handle, name, PrivateFolder) < 0 && Libc.Errno != Libc.EEXIST)
            Libc.Check(-1, "mkdir");
        return new Folder(Open(name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW));
    }
}
