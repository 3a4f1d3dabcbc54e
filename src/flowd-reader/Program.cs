using System;

namespace Flowd.Reader;

/// <summary>flowd-reader(8): prints, filters and converts flow logs.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;

    private static int Main(string[] args)
    {
        WideReader.TakeOver(args);
        StandardStreams streams = StandardStreams.Open();
        try
        {
            return Run(args, streams);
        }
        catch (Exception e)
        {
            new Messages(streams.Error).Error(e.ToString());
            return Failure;
        }
    }

    /// <summary>Everything but the process: the exit status is 0 if all was read, undamaged, and written.</summary>
    internal static int Run(string[] args, StandardStreams streams)
    {
        var messages = new Messages(streams.Error);
        if (Options.Parse(args, out string error) is not { } options)
        {
            messages.Line(error);
            messages.Write(Options.Usage);
            return Failure;
        }

        if (options.ShowHelp || options.ShowVersion)
            return Tell(options, streams, messages);

        if (Selection.Load(options, messages) is not { } selection)
            return Failure;
        using var session = new Session(options, selection, streams, messages);
        session.Run();
        return messages.AnyError ? Failure : Success;
    }

    private static int Tell(Options options, StandardStreams streams, Messages messages)
    {
        if (options.ShowHelp)
            messages.Write(Options.Usage);
        else
            streams.Output.Write("flowd-reader 1.0.0\n"u8);
        return Success;
    }
}
