using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Flowd.Tests;

/// <summary>flowd-reader --follow beside a flowd that rotates and compresses, and by itself.</summary>
public class FollowTests
{
    [Theory]
    [InlineData("logfile \"{dir}/logs/log\"")]
    [InlineData("logfile \"{dir}/logs/%s\" rotate 1s align compress zstd 3")]
    public async Task What_is_stored_is_printed_once_over_rotation_and_compression(string line)
    {
        string folder = RunningFlowd.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        using RunningFlowd flowd = RunningFlowd.Start(line, folder);
        using Process reader = Tool.Start(Tool.Published("flowd-reader"), ["--follow", "-j", Path.Combine(folder, "logs")]);
        Task<string> printed = reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (uint i = 1; i <= 300; i++)
        {
            flowd.Send(Exports.Numbered(i));
            Thread.Sleep(15);
        }

        Thread.Sleep(4000);
        Tool.Run("/bin/kill", "-TERM", reader.Id.ToString(CultureInfo.InvariantCulture));
        Assert.True(reader.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, reader.ExitCode);
        string[] lines = (await printed).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(300, lines.Length);
        for (int i = 0; i < lines.Length; i++)
            Assert.Contains($"\"sequence\":{i + 1},", lines[i], StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_when_nobody_reads_what_it_prints()
    {
        string folder = RunningFlowd.NewFolder();
        using RunningFlowd flowd = RunningFlowd.Start("logfile \"{dir}/log\"", folder);
        using Process pipe = Tool.Start("/bin/sh", ["-c", $"'{Tool.Published("flowd-reader")}' --follow '{folder}/log' | head -n 2"]);
        for (uint i = 1; i <= 100 && !pipe.HasExited; i++)
        {
            flowd.Send(Exports.Numbered(i));
            Thread.Sleep(50);
        }

        Assert.True(pipe.WaitForExit(TimeSpan.FromSeconds(10)));
    }
}
