using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flowd.Platform;

// The C library: declarations only, one family of calls a file, names and numbers as in its manual (Linux, 64 bit). Decisions live elsewhere.
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENODEV = 19;
    public const int ECONNREFUSED = 111;

    public static int Errno => Marshal.GetLastPInvokeError();

    /// <summary>Turns a failed call into an exception that names it: for wrong environments, never for wrong input.</summary>
    public static int Check(int result, [CallerArgumentExpression(nameof(result))] string call = "")
        => result >= 0 ? result : throw Failure(Errno, call);

    /// <summary>The same for calls that return the error number itself (posix_spawn and its relatives).</summary>
    public static void CheckZero(int error, [CallerArgumentExpression(nameof(error))] string call = "")
    {
        if (error != 0)
            throw Failure(error, call);
    }

    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    private static Win32Exception Failure(int errno, string call)
    {
        int end = call.IndexOf('(', System.StringComparison.Ordinal);
        string name = (end < 0 ? call : call[..end]).Replace("Libc.", "", System.StringComparison.Ordinal);
        return new Win32Exception(errno, $"{name}: {ErrorText(errno)}");
    }
}
