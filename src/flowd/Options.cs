using System;
using System.Collections.Generic;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>The command line of flowd(8), as getopt(3) would read it.</summary>
internal sealed record Options
{
    public const string DefaultFile = "/etc/flowd.conf";

    public static string Usage { get; } = $"""
        Usage: flowd [options]
        This is flowd version {Program.Version}. Valid commandline options:
          -d              Run in the foreground and print debug information, every flow included
          -g              Run in the foreground and log to stderr
          -f path         Configuration file (default: {DefaultFile})
          -r file         Read a capture (pcap, pcapng) or IPFIX messages, - for standard input,
                          in the place of the network; write the log and exit
          -n              Check the configuration file and exit
          -v              Print more; with -n, print the configuration in its normal form
          -D macro=value  Define a macro; it wins over one in the configuration file
          -X INSECURE     As root, keep all rights: no chroot, no change of user
          -X NOSANDBOX    No seccomp, Landlock and limits, for debuggers
          -V              Print the version
          -h              Display this help

        """;

    /// <summary>How the background process is told apart from the one that starts it; not for people.</summary>
    public const string BackgroundMark = "--background";

    public bool ShowsHelp { get; private set; }
    public bool ShowsVersion { get; private set; }
    public bool StaysInForeground { get; private set; }
    public bool IsBackground { get; private set; }
    public bool OnlyChecks { get; private set; }
    public bool IsVerbose { get; private set; }
    public bool IsInsecure { get; private set; }
    public bool HasSandbox { get; private set; } = true;

    /// <summary>What is read in the place of the network; null for the network.</summary>
    public string? Capture { get; private set; }
    public string File { get; set; } = DefaultFile;
    public List<string> Macros { get; } = [];

    public LogLevel Level => IsVerbose ? LogLevel.Debug : LogLevel.Info;

    /// <summary>Null, with a reason, if the command line is wrong.</summary>
    public static Options? TryParse(ReadOnlySpan<string> arguments, out string error)
    {
        var options = new Options();
        error = "";
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == BackgroundMark)
            {
                options.IsBackground = true;
                continue;
            }

            if (arguments[i] is not ['-', not '-', ..])
            {
                error = $"unexpected argument \"{arguments[i]}\"";
                return null;
            }

            error = options.TakeCluster(arguments, ref i);
            if (error.Length > 0)
                return null;
        }

        return options;
    }

    // One argument: letters without a value, the last of which may take one (-gf path, -fpath).
    private string TakeCluster(ReadOnlySpan<string> arguments, ref int i)
    {
        string cluster = arguments[i];
        for (int j = 1; j < cluster.Length; j++)
        {
            if (TakeLetter(cluster[j]))
                continue;
            if (!"fDXr".Contains(cluster[j], StringComparison.Ordinal))
                return $"invalid option -- '{cluster[j]}'";
            string? value = j + 1 < cluster.Length ? cluster[(j + 1)..] : ++i < arguments.Length ? arguments[i] : null;
            return value is null ? $"option requires an argument -- '{cluster[j]}'" : TakeValue(cluster[j], value);
        }

        return "";
    }

    private bool TakeLetter(char letter)
    {
        switch (letter)
        {
            case 'd': StaysInForeground = IsVerbose = true; return true;
            case 'g': StaysInForeground = true; return true;
            case 'n': OnlyChecks = true; return true;
            case 'v': IsVerbose = true; return true;
            case 'V': ShowsVersion = true; return true;
            case 'h': ShowsHelp = true; return true;
            default: return false;
        }
    }

    private string TakeValue(char letter, string value)
    {
        switch (letter)
        {
            case 'f':
                File = value;
                return "";
            case 'r':
                Capture = value;
                StaysInForeground = true;
                return "";
            case 'D' when value.IndexOf('=', StringComparison.Ordinal) > 0:
                Macros.Add(value);
                return "";
            case 'D':
                return $"macro definition \"{value}\" is not of the form name=value";
            case 'X' when value == "INSECURE":
                IsInsecure = true;
                return "";
            case 'X' when value == "NOSANDBOX":
                HasSandbox = false;
                return "";
            default:
                return $"invalid debugging option \"{value}\"";
        }
    }
}
