using System;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Flowd.Tests;

/// <summary>Processes that are not children of the test, as /proc shows them.</summary>
internal static class Processes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Where nobody reaps what has lost its parent, as in some containers, the dead stay listed.</summary>
    public static bool IsRunning(int id) => StateOf(id) is not '\0' and not 'Z';

    public static void Signal(int id, string name) => Tool.Run("/bin/kill", $"-{name}", id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops it and waits until it is stopped.</summary>
    public static void Freeze(int id)
    {
        Signal(id, "STOP");
        Assert.True(SpinWait.SpinUntil(() => StateOf(id) == 'T', Patience), $"process {id} does not stop");
    }

    public static void WaitForEnd(int id) => Assert.True(SpinWait.SpinUntil(() => !IsRunning(id), Patience), $"process {id} does not end");

    // proc_pid_stat(5): the state follows the name, which is in parentheses.
    private static char StateOf(int id)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return status[status.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return '\0';
        }
    }
}
