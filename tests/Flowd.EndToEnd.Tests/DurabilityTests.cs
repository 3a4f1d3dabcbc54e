using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>
/// What was flushed stays, whatever happens to processes. Root only, for a large receive buffer. FLOWD_TEST_KILLS and
/// FLOWD_TEST_SECONDS make them longer.
/// </summary>
public partial class DurabilityTests
{
    private static readonly int Kills = Setting("FLOWD_TEST_KILLS", 12);
    private static readonly int Seconds = Setting("FLOWD_TEST_SECONDS", 10);

    [Theory]
    [InlineData("logfile \"{dir}/logs/plain\"")]
    [InlineData("logfile \"{dir}/logs/zstd\" compress zstd")]
    [InlineData("logfile \"{dir}/logs/%s\" rotate 1s align compress zstd 3")]
    public void A_kill_at_any_moment_costs_nothing_that_was_flushed(string line)
    {
        string folder = PrepareFolder();
        var random = new Random(1);
        var flushed = new HashSet<uint>();
        string configuration = $"listen on 127.0.0.1:{{port}} bufsize 67108864\n{line}";
        RunningFlowd flowd = RunningFlowd.Start(configuration, folder);
        using var stream = new NumberedStream(flowd.Port, perSecond: 4000);
        for (int i = 0; i < Kills; i++)
        {
            Thread.Sleep(random.Next(20, 400));
            flushed.UnionWith(StoredSequences.In(Path.Combine(folder, "logs")));
            if (i % 3 < 2)
                KillWorker(flowd);
            else
                flowd = KillMonitor(flowd, configuration, folder);
        }

        Thread.Sleep(300);
        uint sent = stream.Finish();
        Assert.Equal(0, flowd.Stop());
        Thread.Sleep(100);
        using RunningFlowd last = RunningFlowd.Launch(configuration, folder, [], RunningFlowd.Insecure, flowd.Port); // finishes what was left behind
        last.WaitFor("listening on");
        last.Until(() => Directory.GetFiles(Path.Combine(folder, "logs"), "*.current").Length <= 2, () => last.Messages, mayEnd: false);
        List<uint> stored = StoredSequences.In(Path.Combine(folder, "logs"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {sent} sent, {flushed.Count} seen before a kill, {stored.Count} stored");
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(flushed.Except(stored));
        Assert.Equal(0, last.Stop());
        ToolResult check = Tool.Run(Tool.Published("flowd-reader"), "--check", Path.Combine(folder, "logs"));
        Assert.True(check.Status == 0, check.Errors);
    }

    // Each file is counted when it is finished, before it is deleted.
    [Fact]
    public void Records_are_written_at_once_where_that_is_asked_for()
    {
        Assert.InRange(FramesOfTen("flush always\n"), 2 * FramesOfTen("") + 1, 10);

        // Each write of a compressed log is a frame of its own.
        static int FramesOfTen(string directive)
        {
            using RunningFlowd flowd = RunningFlowd.Start(directive + "logfile \"{dir}/log\" compress zstd\nstore ALL");
            for (uint i = 0; i < 10; i++)
            {
                flowd.Send(Exports.Numbered(i));
                Thread.Sleep(50);
            }

            flowd.Until(() => StoredSequences.In(flowd.Folder, "log").Count == 10, () => flowd.Messages, mayEnd: false);
            ReadOnlySpan<byte> log = File.ReadAllBytes(flowd.LogPath);
            return log.Count((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);
        }
    }

    [Fact]
    public void Rotation_under_load_with_compression_and_expiry_loses_nothing()
    {
        string folder = PrepareFolder();
        string said = Path.Combine(folder, "said");
        File.WriteAllText(said, "");
        File.SetUnixFileMode(said, (UnixFileMode)0x1B6); // 0666
        string command = $"'{Tool.Published("flowd-reader")}' --check - >> {said}; true";
        using RunningFlowd flowd = RunningFlowd.Start(
            $"listen on 127.0.0.1:{{port}} bufsize 134217728\nlogfile \"{{dir}}/logs/%Y%m%d/%H%M%S\" rotate 1s align keep 3s compress zstd 3 exec \"{command}\"", folder);
        uint sent;
        using (var stream = new NumberedStream(flowd.Port, perSecond: 15_000))
        {
            Thread.Sleep(Seconds * 1000);
            sent = stream.Finish();
        }

        flowd.Until(() => Counted(said) >= sent, () => $"{Counted(said)} of {sent}\n{flowd.Messages}", mayEnd: false);
        Assert.Equal(sent, Counted(said));
        int files = Directory.GetFiles(Path.Combine(folder, "logs"), "*", SearchOption.AllDirectories).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} sent, {Counted(said)} stored in {File.ReadAllLines(said).Length} files, {files} left");
        Assert.InRange(files, 1, 9);
    }

    internal static string PrepareFolder()
    {
        if (!RunningFlowd.IsRoot)
            Assert.Skip("needs root");
        string folder = RunningFlowd.NewFolder();
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        return folder;
    }

    private static void KillWorker(RunningFlowd flowd)
    {
        int worker = WorkerOf(flowd);
        Kill(worker);
        flowd.Until(() => WorkerOf(flowd) is not 0 and var next && next != worker, () => flowd.Messages, mayEnd: false);
    }

    // The child that is not about finished logs; 0 if there is none.
    private static int WorkerOf(RunningFlowd flowd) => flowd.Children().FirstOrDefault(child => CommandLine(child).Contains("--network", StringComparison.Ordinal));

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static RunningFlowd KillMonitor(RunningFlowd flowd, string configuration, string folder)
    {
        int[] children = flowd.Children();
        Kill(flowd.Id);
        flowd.WaitForExit();
        for (int i = 0; i < 200 && Array.Exists(children, child => Directory.Exists($"/proc/{child}")); i++)
            Thread.Sleep(10);
        RunningFlowd next = RunningFlowd.Launch(configuration, folder, [], RunningFlowd.Insecure, flowd.Port);
        next.WaitFor("listening on");
        return next;
    }

    private static void Kill(int id) => Tool.Run("/bin/kill", "-KILL", id.ToString(CultureInfo.InvariantCulture));

    private static ulong Counted(string path)
        => File.ReadAllLines(path).Aggregate(0ul, (sum, line) => sum + ulong.Parse(Records().Match(line).Groups[1].Value, CultureInfo.InvariantCulture));

    internal static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [GeneratedRegex(": (\\d+) records")]
    private static partial Regex Records();
}
