using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Flowd.Platform;

/// <summary>Strings as programs are handed them: UTF-8 with a zero behind it, and a null pointer behind the last.</summary>
internal static unsafe class NativeStrings
{
    /// <summary>To be freed.</summary>
    public static byte** Of(IReadOnlyList<string> strings)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < strings.Count; i++)
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        return array;
    }

    public static void Free(byte** array)
    {
        for (int i = 0; array[i] is not null; i++)
            Marshal.FreeCoTaskMem((nint)array[i]);
        NativeMemory.Free(array);
    }
}
