using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Flowd.Tests;

/// <summary>The pid file: a lock against a second flowd, no hindrance once its owner is dead, and never half a number.</summary>
public sealed class PidFileTests : IDisposable
{
    private readonly string _folder = RunningFlowd.NewFolder();

    private string PidPath => Path.Combine(_folder, "shared.pid");

    private string Configuration => $"pidfile \"{PidPath}\"\nstore ALL";

    [Fact]
    public void A_second_flowd_is_refused_on_another_port_too()
    {
        using RunningFlowd first = RunningFlowd.Start(Configuration);
        using RunningFlowd second = RunningFlowd.Launch(Configuration); // each has a port and a folder of its own

        Assert.Equal(1, second.WaitForExit());
        Assert.Contains($"pid file {PidPath}: another flowd runs, process {first.Id}\n", second.Messages + "\n", StringComparison.Ordinal);
        Assert.Equal(Text(first.Id), File.ReadAllText(PidPath));

        // Neither that one's end nor our own look at the file gave the lock up.
        using RunningFlowd third = RunningFlowd.Launch(Configuration);
        Assert.Equal(1, third.WaitForExit());
        Assert.Equal(0, first.Stop());
        Assert.False(File.Exists(PidPath));
    }

    [Fact]
    public void A_reload_does_not_take_the_file_of_another()
    {
        using RunningFlowd first = RunningFlowd.Start(Configuration);
        using RunningFlowd second = RunningFlowd.Start();

        second.Reconfigure(Configuration);
        second.WaitFor("the configuration in force stays in force");
        Assert.Equal(0, second.Stop());

        Assert.Equal(Text(first.Id), File.ReadAllText(PidPath));
    }

    [Fact]
    public void A_reload_that_names_another_file_moves_it()
    {
        using RunningFlowd flowd = RunningFlowd.Start();

        flowd.Reconfigure(Configuration);
        flowd.WaitFor("the new configuration is in force");

        flowd.Until(() => !File.Exists(flowd.PidPath) && File.Exists(PidPath), () => flowd.Messages, mayEnd: false);
        Assert.Equal(Text(flowd.Id), File.ReadAllText(PidPath));
    }

    [Theory]
    [InlineData("1\n")] // a process that lives, but is no flowd
    [InlineData("")]
    [InlineData("not a number\n")]
    public void The_file_of_a_dead_flowd_is_no_hindrance(string left)
    {
        File.WriteAllText(PidPath, left);

        using RunningFlowd flowd = RunningFlowd.Start(Configuration);

        Assert.Equal(Text(flowd.Id), File.ReadAllText(PidPath));
    }

    [Fact]
    public void A_flowd_that_was_killed_leaves_a_file_that_the_next_takes_over()
    {
        using RunningFlowd killed = RunningFlowd.Start(Configuration);
        int worker = Assert.Single(killed.Children());
        killed.Signal("KILL");
        killed.WaitForExit();
        Assert.Equal(Text(killed.Id), File.ReadAllText(PidPath));
        Processes.WaitForEnd(worker);

        using RunningFlowd next = RunningFlowd.Start(Configuration);

        Assert.Equal(Text(next.Id), File.ReadAllText(PidPath));
        Assert.Equal([PidPath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        string path = Path.Combine(_folder, "fifo"); // stands for /dev/null
        Tool.Run(Tool.Installed("mkfifo"), path);

        using (RunningFlowd flowd = RunningFlowd.Start($"pidfile \"{path}\"\nstore ALL"))
            flowd.WaitFor($"pid file: {path} is no regular file");

        Assert.True(File.Exists(path));
        Assert.Equal(1, Tool.Run("/usr/bin/test", "-f", path).Status);
    }

    [Fact]
    public void Nobody_reads_half_a_number()
    {
        var seen = new HashSet<string>();
        using var source = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (!source.IsCancellationRequested)
                seen.Add(Read());
        });
        reader.Start();
        var expected = new HashSet<string> { "" };
        for (int i = 0; i < 20; i++)
        {
            using RunningFlowd flowd = RunningFlowd.Start(Configuration);
            expected.Add(Text(flowd.Id));
        }

        source.Cancel();
        reader.Join();
        Assert.Subset(expected, seen);
        Assert.True(seen.Count > 1);

        string Read()
        {
            try
            {
                string text = File.ReadAllText(PidPath);
                return text.Length > 0 ? text : "an empty file";
            }
            catch (FileNotFoundException)
            {
                return "";
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture) + "\n";
}
