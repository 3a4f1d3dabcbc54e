using System;
using System.ComponentModel;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>Descriptors that are not sockets. All are close-on-exec.</summary>
public static class Descriptors
{
    private const uint PrivateFile = 0x180; // 0600

    /// <summary>
    /// Opens a log: made if absent, every write appends, readable so that a torn end can be found. Writing to a FIFO never waits for its reader.
    /// Throws with errno's text.
    /// </summary>
    public static SafeFileHandle OpenForAppend(string path)
        => Own(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_APPEND | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, PrivateFile), "open");

    /// <summary>To open a FIFO does not wait for who writes to it, to read from it does. Throws with errno's text.</summary>
    public static SafeFileHandle OpenForRead(string path)
    {
        SafeFileHandle file = Own(Libc.open(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0), "open");
        Libc.Check(Libc.fcntl(file, Libc.F_SETFL, 0));
        return file;
    }

    /// <summary>Opens a regular file for reading; throws for anything else there, and waits for no writer of a FIFO.</summary>
    public static SafeFileHandle OpenFile(string path)
    {
        SafeFileHandle file = Own(Libc.open(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0), "open");
        if (FileOwner.Of(file).IsFile)
            return file;
        file.Dispose();
        throw new Win32Exception(Libc.EINVAL, "no regular file");
    }

    /// <summary>
    /// A new file in place of whatever has that name, which nobody else may read. A symbolic link that somebody put there is not followed. Throws
    /// with errno's text.
    /// </summary>
    public static SafeFileHandle Create(string path)
    {
        _ = Libc.unlink(path);
        return Own(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOCTTY | Libc.O_CLOEXEC, PrivateFile), "open");
    }

    /// <summary>
    /// Gives a file the name of another, which is gone then; of a regular file only: root can put one in place of /dev/null as well. Throws
    /// <see cref="Win32Exception"/> or <see cref="IOException"/>.
    /// </summary>
    public static void Replace(string path, string with)
    {
        if (!Path.Exists(path) || FileOwner.Of(path).IsFile)
        {
            File.Move(with, path, overwrite: true);
            return;
        }

        _ = Libc.unlink(with);
        throw new Win32Exception(Libc.EINVAL, $"{path} is no regular file");
    }

    /// <summary>A file without a name, in memory, that can be sealed.</summary>
    public static SafeFileHandle MemoryFile(string name)
        => Own(Libc.memfd_create(name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING), "memfd_create");

    /// <summary>The same with a length in octets that nobody can change. What is not written to takes no memory.</summary>
    public static SafeFileHandle MemoryFile(string name, long length)
    {
        SafeFileHandle file = MemoryFile(name);
        Libc.Check(Libc.ftruncate(file, length));
        Libc.Check(Libc.fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_SEAL));
        return file;
    }

    /// <summary>From here on nobody changes the memory file, not even who still holds it open for writing.</summary>
    public static void Seal(SafeFileHandle memoryFile)
        => Libc.Check(Libc.fcntl(memoryFile, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_WRITE | Libc.F_SEAL_SEAL));

    /// <summary>A whole file from its start, whatever its length was before, but no more than that. Throws <see cref="IOException"/>.</summary>
    public static byte[] ReadAll(SafeFileHandle file, int most = int.MaxValue)
    {
        byte[] octets = new byte[Math.Min(RandomAccess.GetLength(file), most)];
        int length = RandomAccess.Read(file, octets, 0);
        return length == octets.Length ? octets : octets[..length];
    }

    /// <summary>The same of a text in UTF-8, which is closed then.</summary>
    public static string ReadTextAndClose(SafeFileHandle file, int most = int.MaxValue)
    {
        using (file)
            return Encoding.UTF8.GetString(ReadAll(file, most));
    }

    /// <summary>Another descriptor of the same file, for reading only.</summary>
    public static SafeFileHandle ReadOnly(SafeFileHandle file) => OpenForRead($"/proc/self/fd/{file.DangerousGetHandle()}");

    /// <summary>What a descriptor of this process leads to, as proc(5) writes it; "" if it is not open.</summary>
    public static string TargetOf(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? "";

    /// <summary>Makes <paramref name="handle"/> the standard error of this process and of all that it starts.</summary>
    public static void ReplaceStandardError(SafeFileHandle handle) => Libc.Check(Libc.dup2(handle, 2));

    /// <summary>One write(2) of the whole text; what cannot be written is lost, as befits a log.</summary>
    public static unsafe void WriteStandardError(ReadOnlySpan<byte> text) => Write(2, text);

    public static unsafe void WriteStandardOutput(ReadOnlySpan<byte> text) => Write(1, text);

    /// <summary>Suspends the calling thread.</summary>
    public static unsafe void Pause(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
            return;
        var request = new Libc.timespec { tv_sec = (long)time.TotalSeconds, tv_nsec = time.Ticks % TimeSpan.TicksPerSecond * 100 };
        _ = Libc.nanosleep(&request, null);
    }

    internal static SafeFileHandle Own(int fd, string call) => new(Libc.Check(fd, call), ownsHandle: true);

    private static unsafe void Write(int fd, ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            nint done = 0;
            while (done < text.Length)
            {
                nint written = Libc.write(fd, start + done, (nuint)(text.Length - done));
                if (written < 0 && Libc.Errno == Libc.EINTR)
                    continue;
                if (written <= 0)
                    return;
                done += written;
            }
        }
    }
}
