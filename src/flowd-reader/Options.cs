using System;
using System.Collections.Generic;
using System.Globalization;

namespace Flowd.Reader;

/// <summary>The command line of flowd-reader(8), as GNU getopt(3) would read it: options and files in any order, "--" ends the options.</summary>
internal sealed class Options
{
    public const string StandardStream = "-";

    public const string Usage =
        """
        Usage: flowd-reader [options] flow-log [flow-log ...]
        This is flowd-reader version 1.0.0. Valid commandline options:
          -H num   Read and/or write only the first 'num' flows
          -L       Read/convert legacy flow logs
          -q       Don't print flows to stdout (use with -o)
          -d       Print debugging information
          -f path  Filter flows using rule file
          -o path  Write binary log to path (use with -f)
          -v       Display all available flow information
          -c       Return CSV output compatible with flow-import
          -j       Return JSON output, one object per line
          -U       Report times in UTC rather than local time
          -V       Display the version
          -h       Display this help

        """;

    private const string WithValue = "Hfo";

    private readonly List<string> _files = [];

    public IReadOnlyList<string> Files => _files;

    /// <summary>How many flows of each log are read (-H); 0 for all.</summary>
    public long Head { get; private set; }

    public bool Legacy { get; private set; }

    public bool Utc { get; private set; }

    public bool Debug { get; private set; }

    public bool ShowHelp { get; private set; }

    public bool ShowVersion { get; private set; }

    public Verbosity Verbosity { get; private set; } = Verbosity.Brief;

    public OutputFormat Format { get; private set; }

    public string? FilterFile { get; private set; }

    public string? OutputFile { get; private set; }

    public bool OutputIsStandard => OutputFile == StandardStream;

    /// <summary>Reads the command line; null and a message if it is wrong. Nothing behind -h or -V counts.</summary>
    public static Options? Parse(ReadOnlySpan<string> args, out string error)
    {
        var options = new Options();
        error = "";
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--")
            {
                options._files.AddRange(args[(i + 1)..]);
                break;
            }

            if (args[i] is not ['-', _, ..])
                options._files.Add(args[i]);
            else if (!options.TryTakeFlags(args, ref i, out error))
                return null;
            if (options.ShowHelp || options.ShowVersion)
                return options;
        }

        return options.Complete(out error) ? options : null;
    }

    // One argument of flags, "-vU" or "-fpath"; a value may be the next argument.
    private bool TryTakeFlags(ReadOnlySpan<string> args, ref int i, out string error)
    {
        string flags = args[i];
        for (int j = 1; j < flags.Length; j++)
        {
            char flag = flags[j];
            if (!WithValue.Contains(flag, StringComparison.Ordinal))
            {
                error = $"flowd-reader: invalid option -- '{flag}'";
                if (!TrySet(flag))
                    return false;
                continue;
            }

            error = $"flowd-reader: option requires an argument -- '{flag}'";
            bool isAttached = j + 1 < flags.Length;
            if (!isAttached && ++i == args.Length)
                return false;
            return TrySet(flag, isAttached ? flags[(j + 1)..] : args[i], out error);
        }

        error = "";
        return true;
    }

    private bool TrySet(char flag)
    {
        switch (flag)
        {
            case 'L': Legacy = true; break;
            case 'U': Utc = true; break;
            case 'd': Debug = true; break;
            case 'q': Verbosity = Verbosity.Quiet; break;
            case 'v': Verbosity = Verbosity.Full; break;
            case 'c': Format = OutputFormat.Csv; break;
            case 'j': Format = OutputFormat.Json; break;
            case 'h': ShowHelp = true; break;
            case 'V': ShowVersion = true; break;
            default: return false;
        }

        return true;
    }

    private bool TrySet(char flag, string value, out string error)
    {
        error = "";
        switch (flag)
        {
            case 'f': FilterFile = value; return true;
            case 'o': OutputFile = value; return true;
        }

        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long head) && head > 0)
        {
            Head = head;
            return true;
        }

        error = "Invalid -H value.";
        return false;
    }

    private bool Complete(out string error)
    {
        error = _files.Count == 0 ? "No logfile specified" : "";
        if (OutputIsStandard && !Debug)
            Verbosity = Verbosity.Quiet;
        return _files.Count > 0;
    }
}
