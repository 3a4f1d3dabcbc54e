using System;
using System.Collections.Generic;
using System.Globalization;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>The command line of flowd-reader(8), as GNU getopt(3) would read it: options and files in any order, "--" ends the options.</summary>
internal sealed class Options
{
    public const string StandardStream = "-";

    public const string Usage =
        """
        Usage: flowd-reader [options] flow-log [flow-log ...]
        This is flowd-reader version 1.0.0. A flow-log may also be a folder of logs. Valid commandline options:
          -H num, --head=num           Read and/or write only the first 'num' flows
          -L, --legacy                 Read/convert legacy flow logs
          -q, --quiet                  Don't print flows to stdout (use with -o)
          -d, --debug                  Print debugging information
          -f path, --filter=path       Filter flows using rule file
          -o path, --output=path       Write binary log to path (use with -f)
          -v, --verbose                Display all available flow information
          -c, --csv                    Return CSV output compatible with flow-import
          --csv-full                   Return CSV with a column for everything that a log can hold
          -j, --json                   Return JSON output, one object per line
          -U, --utc                    Report times in UTC rather than local time
          -t from/to, --time=from/to   Only flows received then: 2026-11-27T08:00/2026-11-27T09:30, -2h/, @seconds/
          --address=addr               Only flows from or to this address; may be repeated
          --port=num                   Only flows from or to this port; may be repeated
          --anonymize=method           Change addresses: cryptopan:keyfile or truncate:bits[,bits]
          --check                      Verify logs, print what is in them and what is wrong
          --repair=path                Write every record that is whole to path, as it is
          --follow                     Go on with what is appended, and with the logs after it
          --jobs=num                   Read with so many threads; 0 for one per processor
          --progress                   Show a bar, where standard error is a terminal
          -V, --version                Display the version
          -h, --help                   Display this help

        """;

    /// <summary>Short options, 0 where there is none, and their long names.</summary>
    private static readonly (char Short, string Long, bool HasValue, Setter Set)[] Table =
    [
        ('H', "head", true, static (o, v) => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n > 0 ? Done(o.Head = n) : "Invalid -H value."),
        ('L', "legacy", false, static (o, _) => Done(o.Legacy = true)),
        ('q', "quiet", false, static (o, _) => Done(o.Verbosity = Verbosity.Quiet)),
        ('d', "debug", false, static (o, _) => Done(o.Debug = true)),
        ('f', "filter", true, static (o, v) => Done(o.FilterFile = v)),
        ('o', "output", true, static (o, v) => Done(o.OutputFile = v)),
        ('v', "verbose", false, static (o, _) => Done(o.Verbosity = Verbosity.Full)),
        ('c', "csv", false, static (o, _) => Done(o.Format = OutputFormat.Csv)),
        ('\0', "csv-full", false, static (o, _) => Done(o.Format = OutputFormat.FullCsv)),
        ('j', "json", false, static (o, _) => Done(o.Format = OutputFormat.Json)),
        ('U', "utc", false, static (o, _) => Done(o.Utc = true)),
        ('t', "time", true, static (o, v) => Done(o.Window = v)),
        ('\0', "address", true, static (o, v) => AddressText.TryParse(v, out Address address) ? Add(o._addresses, address) : $"\"{v}\" is not an address."),
        ('\0', "port", true, static (o, v) => ushort.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? Add(o._ports, port) : $"\"{v}\" is not a port."),
        ('\0', "anonymize", true, static (o, v) => Done(o.Anonymize = v)),
        ('\0', "check", false, static (o, _) => Done(o.Checks = true)),
        ('\0', "repair", true, static (o, v) => Done(o.RepairFile = v)),
        ('\0', "follow", false, static (o, _) => Done(o.Follows = true)),
        ('\0', "jobs", true, static (o, v) => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n <= MostJobs ? Done(o._jobs = n == 0 ? Environment.ProcessorCount : n) : $"Invalid --jobs value; at most {MostJobs}."),
        ('\0', "progress", false, static (o, _) => Done(o.ShowsProgress = true)),
        ('V', "version", false, static (o, _) => Done(o.ShowVersion = true)),
        ('h', "help", false, static (o, _) => Done(o.ShowHelp = true)),
    ];

    private const int MostJobs = 256;
    private const int UsualJobs = 4;

    private readonly List<string> _files = [];
    private readonly List<Address> _addresses = [];
    private readonly List<ushort> _ports = [];
    private int? _jobs;

    // Sets an option; "" or why its value is none.
    private delegate string Setter(Options options, string value);

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

    /// <summary>What -t says, as it was written.</summary>
    public string? Window { get; private set; }

    public Address[] Addresses => [.. _addresses];

    public ushort[] Ports => [.. _ports];

    public string? Anonymize { get; private set; }

    public bool Checks { get; private set; }

    public string? RepairFile { get; private set; }

    public bool Follows { get; private set; }

    /// <summary>How many threads read, and logs at a time.</summary>
    public int Jobs => _jobs ?? Math.Min(Environment.ProcessorCount, UsualJobs);

    public bool ShowsProgress { get; private set; }

    /// <summary>The log that is written.</summary>
    public string? Target => RepairFile ?? OutputFile;

    public bool TargetIsStandard => Target == StandardStream;

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
            else if (!(args[i].StartsWith("--", StringComparison.Ordinal) ? options.TryTakeLong(args, ref i, out error) : options.TryTakeFlags(args, ref i, out error)))
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
            int row = Array.FindIndex(Table, option => option.Short == flags[j]);
            error = $"flowd-reader: invalid option -- '{flags[j]}'";
            if (row < 0)
                return false;
            if (!Table[row].HasValue)
            {
                _ = Table[row].Set(this, "");
                continue;
            }

            error = $"flowd-reader: option requires an argument -- '{flags[j]}'";
            bool isAttached = j + 1 < flags.Length;
            if (!isAttached && ++i == args.Length)
                return false;
            error = Table[row].Set(this, isAttached ? flags[(j + 1)..] : args[i]);
            return error.Length == 0;
        }

        error = "";
        return true;
    }

    // "--name", "--name=value" or "--name value".
    private bool TryTakeLong(ReadOnlySpan<string> args, ref int i, out string error)
    {
        string[] parts = args[i][2..].Split('=', 2);
        int row = Array.FindIndex(Table, option => option.Long == parts[0]);
        error = $"flowd-reader: unrecognized option '--{parts[0]}'";
        if (row < 0)
            return false;
        error = $"flowd-reader: option '--{parts[0]}' doesn't allow an argument";
        if (!Table[row].HasValue && parts.Length == 2)
            return false;
        error = $"flowd-reader: option '--{parts[0]}' requires an argument";
        if (Table[row].HasValue && parts.Length == 1 && ++i == args.Length)
            return false;
        error = Table[row].Set(this, parts.Length == 2 ? parts[1] : Table[row].HasValue ? args[i] : "");
        return error.Length == 0;
    }

    // Made of an assignment what a row of the table wants.
    private static string Done<T>(T _) => "";

    private static string Add<T>(List<T> list, T value)
    {
        list.Add(value);
        return "";
    }

    private bool Complete(out string error)
    {
        error = _files.Count == 0 ? "No logfile specified"
            : RepairFile is not null && (OutputFile ?? FilterFile ?? Window ?? Anonymize) is not null ? "--repair takes every record as it is: no -o, -f, -t or --anonymize with it"
            : RepairFile is not null && Legacy ? "--repair is for logs of version 3; -o converts those of version 2"
            : Follows && (Checks || RepairFile is not null || OutputFile is not null || _jobs > 1 || Legacy) ? "--follow only prints"
            : "";
        if (TargetIsStandard && !Debug)
            Verbosity = Verbosity.Quiet;
        if (Checks || RepairFile is not null)
            Verbosity = Verbosity.Quiet;
        return error.Length == 0;
    }
}
