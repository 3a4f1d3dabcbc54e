using System;
using System.IO;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>Trouble with files, told apart from mistakes in the program.</summary>
internal static class SystemError
{
    private const int BrokenPipe = 32; // EPIPE

    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static bool IsBrokenPipe(Exception exception) => DiskTrouble.ErrnoOf(exception) == BrokenPipe;

    // The class library has one exception for what may not be opened and for what cannot be.
    public static string Describe(string path, Exception exception)
        => exception is UnauthorizedAccessException && Directory.Exists(path) ? "Is a directory" : DiskTrouble.Describe(exception);
}
