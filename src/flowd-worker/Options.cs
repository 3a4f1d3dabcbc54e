using System;
using System.Collections.Generic;
using System.Globalization;
using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.WorkerProcess;

/// <summary>The command line of flowd-worker. Only flowd writes it, so anything odd about it is a fault.</summary>
internal sealed record Options
{
    /// <summary>What this process is for.</summary>
    public Party Role { get; private set; } = Party.Worker;

    /// <summary>The command that is to be run.</summary>
    public string Command { get; private set; } = "";

    /// <summary>Which of the workers, where there are several.</summary>
    public Share Share { get; private set; } = Share.Whole;

    /// <summary>What a capture is called in messages.</summary>
    public string CaptureName { get; private set; } = "";

    public string FileName { get; private set; } = "";

    public Dictionary<string, string> Macros { get; } = [];

    public CommonOptions Common { get; } = new();

    public SandboxOptions Sandbox => Common.SandboxOf(Role switch
    {
        Party.Parser => SandboxRole.Parser,
        Party.Finisher => SandboxRole.Finisher,
        _ => SandboxRole.Worker,
    });

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
                Role = Party.Parser;
                return true;
            case "--finish":
                Role = Party.Finisher;
                return true;
            case "--exec":
                Role = Party.Exec;
                return true;
            case "--network":
                return true;
            case "--share":
                string[] share = value.Split('/', 2);
                Share = new Share(int.Parse(share[0], CultureInfo.InvariantCulture), int.Parse(share[^1], CultureInfo.InvariantCulture));
                return Share.Index >= 0 && Share.Index < Share.Count;
            case "--capture":
                CaptureName = value;
                return true;
            case "--command":
                Command = value;
                return true;
            case "--file":
                FileName = value;
                return true;
            case "--macro":
                string[] macro = value.Split('=', 2);
                Macros[macro[0]] = macro[^1];
                return macro.Length == 2;
            default:
                return Common.TryTake(name, value);
        }
    }
}
