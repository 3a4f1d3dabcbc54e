using System;
using System.Collections.Generic;
using System.Globalization;
using Flowd.Platform;

namespace Flowd.WorkerProcess;

/// <summary>The command line of flowd-worker. Only flowd writes it, so anything odd about it is a fault.</summary>
internal sealed record Options
{
    public bool Parses { get; private set; }

    public string FileName { get; private set; } = "";

    public Dictionary<string, string> Macros { get; } = [];

    public LogStyle Style { get; private set; }

    public LogLevel Level { get; private set; } = LogLevel.Info;

    /// <summary>Who to become, and where to be locked in; null to stay who we are.</summary>
    public (uint Uid, uint Gid, string Root)? User { get; private set; }

    public SandboxOptions Sandbox
        => new(Parses ? SandboxRole.Parser : SandboxRole.Worker, User?.Uid ?? 0, User?.Gid ?? 0, User?.Root);

    public static Options? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        foreach (string argument in arguments)
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            if (!options.Take(name, equals < 0 ? "" : argument[(equals + 1)..]))
                return null;
        }

        return options;
    }

    private bool Take(string name, string value)
    {
        switch (name)
        {
            case "--parse":
                Parses = true;
                return true;
            case "--network":
                return true;
            case "--file":
                FileName = value;
                return true;
            case "--macro":
                string[] macro = value.Split('=', 2);
                Macros[macro[0]] = macro[^1];
                return macro.Length == 2;
            case "--log":
                Style = value == "syslog" ? LogStyle.Syslog : LogStyle.Plain;
                return true;
            case "--level":
                Level = (LogLevel)int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "--user":
                string[] parts = value.Split(':', 3);
                User = (uint.Parse(parts[0], CultureInfo.InvariantCulture), uint.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
                return true;
            default:
                return false;
        }
    }
}
