using System;
using System.IO;
using System.Text;

namespace Flowd.Reader;

/// <summary>What goes to standard error, and whether any of it means that the exit status is not 0.</summary>
internal sealed class Messages(Stream stream)
{
    public bool AnyError { get; private set; }

    /// <summary>One line, with the name of the program in front.</summary>
    public void Error(string text)
    {
        AnyError = true;
        Line("flowd-reader: " + text);
    }

    /// <summary>One line as it is.</summary>
    public void Line(string text) => Write(text + "\n");

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Something was said elsewhere.</summary>
    public void NoteError() => AnyError = true;

    public void Write(byte[] text)
    {
        try
        {
            stream.Write(text);
        }
        catch (IOException)
        {
            // nobody listens, and there is nowhere to say so
        }
    }

    /// <summary>What the system says about a file, as perror(3) would put it.</summary>
    public void Error(string path, Exception exception) => Error($"{path}: {SystemError.Describe(path, exception)}");
}
