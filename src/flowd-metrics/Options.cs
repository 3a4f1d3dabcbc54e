using System;
using System.Globalization;
using Flowd.Platform;

namespace Flowd.MetricsProcess;

/// <summary>The command line of flowd-metrics. Only flowd writes it, so anything odd about it is a fault.</summary>
internal sealed record Options
{
    public LogStyle Style { get; private set; }

    public LogLevel Level { get; private set; } = LogLevel.Info;

    /// <summary>Who to become, and where to be locked in; without --user we stay who we are.</summary>
    public SandboxOptions Sandbox { get; private set; } = new(SandboxRole.Metrics, 0, 0, Root: null);

    public static Options? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        foreach (string argument in arguments)
        {
            string[] option = argument.Split('=', 2);
            if (!options.Take(option[0], option[^1]))
                return null;
        }

        return options;
    }

    private bool Take(string name, string value)
    {
        switch (name)
        {
            case "--log":
                Style = value == "syslog" ? LogStyle.Syslog : LogStyle.Plain;
                return true;
            case "--level":
                Level = (LogLevel)int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "--user":
                string[] parts = value.Split(':', 3);
                Sandbox = Sandbox with
                {
                    Uid = uint.Parse(parts[0], CultureInfo.InvariantCulture),
                    Gid = uint.Parse(parts[1], CultureInfo.InvariantCulture),
                    Root = parts[2],
                };
                return true;
            default:
                return false;
        }
    }
}
