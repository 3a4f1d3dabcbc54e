using System;
using System.IO;
using System.Linq;

namespace Flowd.Tests;

/// <summary>flowd-reader --progress: a bar where somebody looks at a terminal, and nothing elsewhere.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly string _folder = RunningFlowd.NewFolder();

    public ProgressTests()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        flowd.Send(Exports.NetFlow5);
        flowd.WaitForRecords(3);
        byte[] log = File.ReadAllBytes(flowd.LogPath);
        File.WriteAllBytes(Log, [.. Enumerable.Repeat(log, 100_000).SelectMany(octets => octets)]);
    }

    private string Log => Path.Combine(_folder, "log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // script(1) gives the command a terminal of its own, and prints what came there.
    [Theory]
    [InlineData("")]
    [InlineData("--jobs 2")]
    public void On_a_terminal_one_line_is_written_again_and_again_and_removed(string options)
    {
        string command = $"stty cols 80; '{Tool.Published("flowd-reader")}' --progress {options} --check '{Log}' '{Log}' > /dev/null";

        ToolResult result = Tool.Run(Tool.Installed("script"), "-qec", command, "/dev/null");

        Assert.Equal(0, result.Status);
        string[] lines = result.Output.Split('\r');
        Assert.Contains(lines, line => line.StartsWith('[') && line.Contains("% ", StringComparison.Ordinal) && line.Contains(" MiB/s", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Replace("\e[K", "", StringComparison.Ordinal).Length, 0, 79));
        Assert.StartsWith("\e[K", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Output);
    }

    [Fact]
    public void Elsewhere_nothing_is_written()
    {
        ToolResult result = Tool.Run(Tool.Published("flowd-reader"), "--progress", "--check", Log);

        Assert.Equal((0, ""), (result.Status, result.Errors));
    }
}
