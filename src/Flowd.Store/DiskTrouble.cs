using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Flowd.Store;

/// <summary>The exceptions by which the class library reports that a file cannot be read or written, as error numbers and their texts.</summary>
public static class DiskTrouble
{
    private const int Eacces = 13;
    private const int Efbig = 27;
    private const int LargestErrno = 4095;

    /// <summary>True for what the environment does to a program: full disks, permissions, limits. Not for mistakes in the program.</summary>
    public static bool Is(Exception exception)
        => exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or NotSupportedException;

    /// <summary>The error number, or 0 if there is none.</summary>
    public static int ErrnoOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => Eacces,
        ArgumentOutOfRangeException => Efbig, // what the class library makes of a file that may not grow
        FileNotFoundException or DirectoryNotFoundException => 2,
        IOException { HResult: > 0 and <= LargestErrno } => exception.HResult,
        _ => 0,
    };

    /// <summary>What strerror(3) says, or failing that the exception.</summary>
    public static string Describe(Exception exception)
        => ErrnoOf(exception) is var errno and not 0 ? Marshal.GetPInvokeErrorMessage(errno) : exception.Message;
}
