using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using Flowd.Platform;

namespace Flowd.Reader;

/// <summary>This program once more, compiled for processors with wide vectors, which verify more of a log at a time.</summary>
internal static class WideReader
{
    // Of a log; for less, to start another program takes longer than is gained.
    private const long LeastOctets = 128 * 1024 * 1024;

    /// <summary>It takes over, if it is installed and one of the arguments names a long log, or a folder.</summary>
    public static void TakeOver(string[] arguments)
    {
        if (Avx512Vbmi.IsSupported || !arguments.Any(IsLong) || Programs.FindWide("flowd-reader") is not { } path)
            return;
        try
        {
            Programs.Become(path);
        }
        catch (Win32Exception)
        {
            // This one does the same.
        }
    }

    private static bool IsLong(string path) => path.Length > 0 && (Directory.Exists(path) || new FileInfo(path) is { Exists: true, Length: >= LeastOctets });
}
