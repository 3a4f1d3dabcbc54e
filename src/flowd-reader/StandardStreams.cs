using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Reader;

/// <summary>Where the program reads and writes when no file is named.</summary>
internal sealed record StandardStreams(Stream Input, Stream Output, Stream Error, bool OutputIsTerminal = false)
{
    public static StandardStreams Open()
        => new(OpenDescriptor(0, FileAccess.Read), OpenOutput(), Console.OpenStandardError(), !Console.IsOutputRedirected);

    // On pipes a FileStream says when the reader has gone, which the console's stream keeps to itself. Files are for the console's
    // stream: it moves the descriptor's position, which is shared with whoever writes there next.
    private static Stream OpenOutput()
    {
        FileStream output = OpenDescriptor(1, FileAccess.Write);
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    private static FileStream OpenDescriptor(int descriptor, FileAccess access)
        => new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
}
