using System;
using System.Globalization;
using Flowd.Platform;

namespace Flowd.Privsep;

/// <summary>What the monitor tells every child on its command line. Only flowd writes it, so anything odd about it is a fault.</summary>
public sealed class CommonOptions
{
    private (uint Uid, uint Gid, string Root)? _user;

    public LogStyle Style { get; private set; }

    public LogLevel Level { get; private set; } = LogLevel.Info;

    /// <summary>False for who debugs this process.</summary>
    public bool HasSandbox { get; private set; } = true;

    /// <summary>How to be locked in: as the user and in the folder of --user; without it we stay who we are.</summary>
    public SandboxOptions SandboxOf(SandboxRole role) => new(role, _user?.Uid ?? 0, _user?.Gid ?? 0, _user?.Root);

    /// <summary>Takes one argument of the form NAME or NAME=VALUE; false if it is none of these.</summary>
    public bool TryTake(string name, string value)
    {
        switch (name)
        {
            case "--no-sandbox":
                HasSandbox = false;
                return true;
            case "--log":
                Style = Enum.Parse<LogStyle>(value, ignoreCase: true);
                return true;
            case "--level":
                Level = (LogLevel)int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "--user":
                string[] parts = value.Split(':', 3);
                _user = (uint.Parse(parts[0], CultureInfo.InvariantCulture), uint.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
                return true;
            default:
                return false;
        }
    }
}
