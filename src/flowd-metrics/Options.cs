using System;
using Flowd.Privsep;

namespace Flowd.MetricsProcess;

/// <summary>The command line of flowd-metrics: what every child is told, and nothing else.</summary>
internal static class Options
{
    public static CommonOptions? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new CommonOptions();
        foreach (string argument in arguments)
        {
            string[] option = argument.Split('=', 2);
            if (!options.TryTake(option[0], option[^1]))
                return null;
        }

        return options;
    }
}
