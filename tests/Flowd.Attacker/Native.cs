using System;
using System.Runtime.InteropServices;

namespace Flowd.Attacker;

/// <summary>System calls as they are: no library stands between an attacker and the kernel. Numbers of x86-64.</summary>
internal static partial class Native
{
    public const nint SYS_getppid = 110;

    /// <summary>What the call returned; minus the error number if it failed.</summary>
    public static nint Call(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint result = syscall(number, a, b, c, d, e, f);
        return result >= 0 ? result : -Marshal.GetLastPInvokeError();
    }

    /// <summary>A string for the kernel. It is never freed: the process is about to end.</summary>
    public static nint Text(string text) => Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>Memory with these octets and as many zeros as an interface could want behind them.</summary>
    public static nint Memory(params ReadOnlySpan<byte> octets)
    {
        nint memory = Marshal.AllocHGlobal(8192);
        for (int i = 0; i < 8192; i++)
            Marshal.WriteByte(memory, i, i < octets.Length ? octets[i] : (byte)0);
        return memory;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
