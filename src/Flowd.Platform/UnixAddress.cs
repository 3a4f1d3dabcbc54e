using System;
using System.ComponentModel;
using System.Text;

namespace Flowd.Platform;

/// <summary>struct sockaddr_un, unix(7).</summary>
internal static class UnixAddress
{
    private const int PathLength = 108;
    private const int ENAMETOOLONG = 36;

    public const int Length = 2 + PathLength;

    /// <summary>Writes the address of a path, or of an abstract name, which begins with @; returns its length.</summary>
    public static int Write(string path, Span<byte> sockaddr)
    {
        if (Encoding.UTF8.GetByteCount(path) >= PathLength)
            throw new Win32Exception(ENAMETOOLONG, "path is too long for a socket");
        sockaddr[..Length].Clear();
        BitConverter.TryWriteBytes(sockaddr, (ushort)Libc.AF_UNIX);
        int octets = Encoding.UTF8.GetBytes(path, sockaddr[2..]);
        if (!path.StartsWith('@'))
            return Length;
        sockaddr[2] = 0;
        return 2 + octets;
    }
}
