using System;
using System.IO;

namespace Flowd.Tests;

/// <summary>Surroundings that are not as they should be: the monitor says so, and goes on.</summary>
public class MonitorTests
{
    [Fact]
    public void A_state_file_that_is_a_pipe_keeps_nobody_waiting()
    {
        string folder = RunningFlowd.NewFolder();
        MakePipe(Path.Combine(folder, "state"));
        MakePipe(Path.Combine(folder, "state.new"));

        using var flowd = RunningFlowd.Start(folder: folder);
        flowd.WaitFor("it is not read");

        Assert.Equal(0, flowd.Stop());
    }

    // By way of a link: what would replace the device replaces the link.
    [Theory]
    [InlineData("state", "/dev/ptmx", "it is not read")]
    [InlineData("state", "/dev/null", "it is not read")]
    [InlineData("pid", "/dev/null", "is no regular file")]
    public void A_device_is_not_replaced(string name, string device, string message)
    {
        string folder = RunningFlowd.NewFolder();
        string path = Path.Combine(folder, name);
        File.CreateSymbolicLink(path, device);

        using var flowd = RunningFlowd.Start(folder: folder);
        flowd.WaitFor(message);

        Assert.Equal(0, flowd.Stop());
        Assert.Equal(device, new FileInfo(path).LinkTarget);
    }

    [Theory]
    [InlineData("state.new")]
    [InlineData("pid.{id}")]
    public void A_link_that_somebody_put_there_is_not_followed(string name)
    {
        using var flowd = RunningFlowd.Launch("metrics on \"{dir}/metrics\"");
        string target = Path.Combine(flowd.Folder, "precious");
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(Path.Combine(flowd.Folder, name.Replace("{id}", $"{flowd.Id}", StringComparison.Ordinal)), target);
        flowd.WaitFor("listening on");

        flowd.Stop();

        Assert.Equal("precious", File.ReadAllText(target));
    }

    [Fact]
    public void The_folder_of_the_metrics_socket_may_vanish()
    {
        string folder = RunningFlowd.NewFolder();
        string sub = Directory.CreateDirectory(Path.Combine(folder, "sub")).FullName;
        using var flowd = RunningFlowd.Start("metrics on \"{dir}/sub/metrics\"", folder);
        Directory.Delete(sub, recursive: true);

        flowd.Reconfigure("store ALL");
        flowd.WaitFor("the new configuration is in force");

        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void What_took_the_place_of_the_metrics_socket_stays()
    {
        using var flowd = RunningFlowd.Start("metrics on \"{dir}/metrics\"");
        string path = Path.Combine(flowd.Folder, "metrics");
        File.Delete(path);
        File.WriteAllText(path, "precious");

        flowd.Reconfigure("store ALL");
        flowd.WaitFor("the new configuration is in force");
        Assert.Equal("precious", File.ReadAllText(path));

        Assert.Equal(0, flowd.Stop());
    }

    private static void MakePipe(string path) => Assert.Equal(0, Tool.Run(Tool.Installed("mkfifo"), path).Status);
}
