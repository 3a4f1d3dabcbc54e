using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Reader;

/// <summary>Where the program reads and writes when no file is named.</summary>
internal sealed record StandardStreams(Stream Input, Stream Output, Stream Error, bool OutputIsTerminal = false, bool ErrorIsTerminal = false)
{
    public static StandardStreams Open() => new(
        OpenDescriptor(0, FileAccess.Read),
        OpenWriter(1, Console.OpenStandardOutput),
        OpenWriter(2, Console.OpenStandardError),
        !Console.IsOutputRedirected,
        !Console.IsErrorRedirected);

    // A FileStream says when the reader of a pipe has gone, and sends no control sequences to terminals; the console's stream does
    // neither. But files are for the console's stream: it moves the descriptor's position, which is shared with other writers.
    private static Stream OpenWriter(int descriptor, Func<Stream> openConsole)
    {
        Stream stream = OpenDescriptor(descriptor, FileAccess.Write);
        return stream.CanSeek && stream != Stream.Null && Console.IsOutputRedirected ? openConsole() : stream;
    }

    private static Stream OpenDescriptor(int descriptor, FileAccess access)
    {
        try
        {
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
        }
        catch (Exception e) when (SystemError.Is(e) || e is ArgumentException)
        {
            return Stream.Null; // closed by the caller
        }
    }
}
