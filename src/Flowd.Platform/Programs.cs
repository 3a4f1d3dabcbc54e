using System;
using System.ComponentModel;
using System.IO;
using System.Linq;

namespace Flowd.Platform;

/// <summary>The programs that are installed with this one: beside it, or in ../libexec/flowd.</summary>
public static unsafe class Programs
{
    public static string Here => Path.GetDirectoryName(Environment.ProcessPath) ?? "/";

    /// <summary>Null if it is in neither place.</summary>
    public static string? Find(string program)
    {
        string[] candidates = [Path.Combine(Here, program), Path.GetFullPath(Path.Combine(Here, "..", "libexec", "flowd", program))];
        return candidates.FirstOrDefault(File.Exists);
    }

    /// <summary>The same program, compiled for what the processors of this machine can do; null if there is none.</summary>
    public static string? FindWide(string program) => Processor.WideFolder is { } folder ? Find(Path.Combine(folder, program)) : null;

    /// <summary>This process becomes that program, with the arguments, the environment and the descriptors that it has. Throws <see cref="Win32Exception"/>.</summary>
    public static void Become(string path)
    {
        byte** argv = NativeStrings.Of(Environment.GetCommandLineArgs());
        try
        {
            Libc.Check(Libc.execv(path, argv));
        }
        finally
        {
            NativeStrings.Free(argv);
        }
    }
}
