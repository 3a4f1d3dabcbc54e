using System;
using System.IO;
using System.Text;
using Flowd.Reader;

namespace Flowd.Tests;

/// <summary>Runs flowd-reader inside the test: what it was given, what it said, how it ended.</summary>
internal sealed record Command(int Exit, byte[] Octets, string Error)
{
    public string Output => Encoding.UTF8.GetString(Octets);

    public static Command Run(params string[] args) => Run([], args);

    public static Command Run(byte[] input, params string[] args) => Run(new MemoryStream(input), isTerminal: false, args);

    public static Command Run(Stream input, bool isTerminal, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exit = Program.Run(args, new StandardStreams(input, output, error, isTerminal));
        return new Command(exit, output.ToArray(), Encoding.UTF8.GetString(error.ToArray()));
    }
}
