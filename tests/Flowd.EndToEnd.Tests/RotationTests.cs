using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Logs that rotate, several logs, and what becomes of finished files, with the published programs.</summary>
public class RotationTests
{
    private const string EverySecond = "logfile \"{dir}/logs/%Y/%m%d/f.%H%M%S\" rotate 1s align";

    [Theory]
    [InlineData("")]
    [InlineData(" compress zstd 3")]
    public void Every_flow_is_in_one_file_and_finished_files_have_their_names(string option)
    {
        using RunningFlowd flowd = Start(EverySecond + option);
        for (uint i = 1; i <= 400; i++)
        {
            flowd.Send(Exports.Numbered(i));
            Thread.Sleep(10);
        }

        flowd.Until(() => StoredSequences.In(Path.Combine(flowd.Folder, "logs")).Count >= 400, () => flowd.Messages, mayEnd: false);
        string[] files = Logs(flowd);
        Assert.InRange(files.Length, 3, 9);
        Assert.InRange(files.Count(path => path.EndsWith(".current", StringComparison.Ordinal)), 1, 2); // that of now, and the next
        Assert.All(files, path => Assert.Matches("/logs/20[0-9]{2}/[0-9]{4}/f\\.[0-9]{6}(\\.[0-9]+)?(\\.zst)?(\\.current|\\.zst\\.tmp)?$", path));
        Assert.Equal(0, flowd.Stop());
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (uint)i), StoredSequences.In(Path.Combine(flowd.Folder, "logs")).Order());
        if (RunningFlowd.IsRoot)
            Assert.All(files.Where(File.Exists), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    // Each log by its own conditions, fields and name.
    [Fact]
    public void A_flow_goes_to_every_log_that_wants_it()
    {
        using RunningFlowd flowd = Start("""
            logfile "{dir}/all"
            logfile "{dir}/one" tag 1 store OCTETS
            logfile "{dir}/others" not tag 1, 2
            logfile "{dir}/nowhere" from 192.0.2.0/24
            logfile "{dir}/by-%{exporter}-%{tag}"
            accept tag 1 dst any port 443 proto tcp
            accept tag 2 proto udp
            """);

        flowd.Send(Exports.NetFlow5);

        flowd.Until(() => Count(flowd, "all") == 3, () => flowd.Messages, mayEnd: false);
        Assert.Equal(0, flowd.Stop());
        List<FlowRecord> all = RunningFlowd.ReadLog(PathIn(flowd, "all"));
        uint?[] tags = [.. all.Select(record => (record.Fields & LogFields.Tag) != 0 ? record.Tag : (uint?)null)];
        Assert.Equal(tags.Count(tag => tag == 1), Count(flowd, "one"));
        Assert.All(RunningFlowd.ReadLog(PathIn(flowd, "one")), record => Assert.Equal(LogFields.Octets, record.Fields));
        Assert.Equal(tags.Count(tag => tag is null), Count(flowd, "others"));
        Assert.Equal(0, Count(flowd, "nowhere"));
        foreach (IGrouping<uint?, uint?> group in tags.GroupBy(tag => tag))
            Assert.Equal(group.Count(), Count(flowd, $"by-127.0.0.1-{group.Key?.ToString(CultureInfo.InvariantCulture) ?? "none"}"));
    }

    [Fact]
    public void Too_many_files_at_once_are_refused_and_counted()
    {
        using RunningFlowd flowd = Start("logfile \"{dir}/%{tag}\"\nlogfile \"{dir}/all\"\nlimit logs 3\naccept tag 1 proto tcp\naccept tag 2 proto udp\naccept tag 3 proto icmp\naccept tag 4 dst any port 443 proto tcp");

        flowd.Send(Exports.NetFlow5);
        flowd.Send(Exports.NetFlow1);
        flowd.WaitFor("3 files are open, which is the limit");

        Assert.Equal(0, flowd.Stop());
        Assert.Equal(3, Directory.GetFiles(flowd.Folder).Count(path => Path.GetFileName(path) is "all" or "1" or "2" or "3" or "4"));
    }

    [Fact]
    public void A_second_flowd_cannot_have_the_log()
    {
        using RunningFlowd first = Start("logfile \"{dir}/log\"");
        using RunningFlowd second = RunningFlowd.Launch($"logfile \"{first.LogPath}\"");

        Assert.Equal(1, second.WaitForExit());
        Assert.Contains("in use by another process", second.Messages, StringComparison.Ordinal);
        first.Send(Exports.NetFlow5);
        Assert.Equal(3, first.WaitForRecords(3).Count);
        first.Signal("USR1"); // its own lock is no hindrance
        first.WaitFor("log reopen requested");
        first.Send(Exports.NetFlow5);
        Assert.Equal(6, first.WaitForRecords(6).Count);
    }

    [Fact]
    public void Old_files_are_deleted_and_nothing_else()
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(Path.Combine(logs, "2020", "0101"));
        Directory.CreateDirectory(Path.Combine(logs, "2021", "0101"));
        string outside = Path.Combine(folder, "outside");
        File.WriteAllBytes(outside, Exports.NetFlow5);
        string[] ours = [Path.Combine(logs, "2020/0101/f.000000"), Path.Combine(logs, "2020/0101/f.000001.2"), Path.Combine(logs, "2020/0101/f.000002.zst")];
        string[] others = [Path.Combine(logs, "2020/0101/notes.txt"), Path.Combine(logs, "2020/0101/f.000000.bak"), Path.Combine(logs, "f.000000"), Path.Combine(logs, "2021/0101/f.0000000")];
        foreach (string path in (string[])[.. ours, .. others])
        {
            File.WriteAllText(path, "x");
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50));
        }

        File.CreateSymbolicLink(Path.Combine(logs, "2021/0101/f.000009"), outside);
        using RunningFlowd flowd = RunningFlowd.Start(EverySecond + " keep 1d", folder);

        flowd.Until(() => !ours.Any(File.Exists), () => string.Join('\n', Directory.GetFiles(logs, "*", SearchOption.AllDirectories)), mayEnd: false);
        Assert.All(others, path => Assert.True(File.Exists(path), path));
        Assert.True(File.Exists(outside));
        Assert.True(Directory.Exists(Path.Combine(logs, "2020/0101")));
    }

    [Fact]
    public void The_largest_size_of_all_files_is_kept()
    {
        const int datagrams = 300, record = 120, largest = 12 << 10; // one file of a second, 67 records at most, always fits
        using RunningFlowd flowd = Start(EverySecond + " max 12K");
        for (uint i = 1; i <= datagrams; i++)
        {
            flowd.Send(Exports.Numbered(i));
            Thread.Sleep(15);
        }

        long octets = 0;
        flowd.Until(() => (octets = Logs(flowd).Sum(Length)) <= largest, () => $"{octets} octets are kept", mayEnd: false);
        Assert.InRange(octets, 1, datagrams * record / 2);
    }

    // The user without rights cannot open the file; it gets it as standard input.
    [Fact]
    public void A_command_is_run_for_each_finished_file()
    {
        string folder = RunningFlowd.NewFolder();
        string said = Path.Combine(folder, "said");
        File.WriteAllText(said, "");
        File.SetUnixFileMode(said, (UnixFileMode)0x1B6); // 0666
        File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        using RunningFlowd flowd = RunningFlowd.Start(EverySecond + " exec \"(wc -c; id -u; grep NoNewPrivs /proc/self/status; echo end) >> " + said + "; true\"", folder);
        flowd.Send(Exports.NetFlow5);

        flowd.Until(() => File.ReadAllText(said).Contains("end", StringComparison.Ordinal), () => flowd.Messages + Directory.GetFiles(folder).Length, mayEnd: false);
        string text = File.ReadAllText(said);
        Assert.Contains("NoNewPrivs:\t1", text, StringComparison.Ordinal);
        Assert.Matches("^[1-9][0-9]*\\s", text); // octets of the file
    }

    // What a kill of everything leaves is finished at the next start, its torn end cut off.
    [Theory]
    [InlineData("")]
    [InlineData(" compress zstd")]
    public void Files_that_were_left_behind_are_finished(string option)
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs", "2026", "0101");
        Directory.CreateDirectory(logs);
        byte[] log = option.Length == 0 ? File.ReadAllBytes(PlainLog(folder)) : File.ReadAllBytes(CompressedLog(folder));
        string left = Path.Combine(logs, option.Length == 0 ? "f.000000" : "f.000000.zst");
        File.WriteAllBytes(left + ".current", [.. log, .. log.AsSpan(0, 50)]);
        File.SetLastWriteTimeUtc(left + ".current", DateTime.UnixEpoch.AddYears(56));

        using RunningFlowd flowd = RunningFlowd.Start(EverySecond + option, folder);

        flowd.Until(() => File.Exists(left) && !File.Exists(left + ".current"), () => flowd.Messages + string.Join('\n', Directory.GetFiles(logs)), mayEnd: false);
        Assert.Equal(0, Tool.Run(Tool.Published("flowd-reader"), "--check", left).Status);
        Assert.Equal(3, Tool.Run(Tool.Published("flowd-reader"), left).Lines.Length);
        Assert.Contains("left unfinished", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_taken_gets_a_number()
    {
        string folder = RunningFlowd.NewFolder();
        string logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(logs);
        for (int i = 0; i < 10; i++)
            File.WriteAllText(Path.Combine(logs, $"f.{i}"), "mine");
        using RunningFlowd flowd = RunningFlowd.Start("logfile \"{dir}/logs/f.%u%S\" rotate 1s align", folder);
        string[] taken = [.. Enumerable.Range(0, 8).SelectMany(day => Enumerable.Range(0, 60).Select(second => Path.Combine(logs, $"f.{day}{second:00}")))];
        foreach (string path in taken)
            File.WriteAllText(path, "mine");
        flowd.Send(Exports.NetFlow5);

        flowd.Until(() => Directory.GetFiles(logs, "f.*.1").Length > 0, () => flowd.Messages, mayEnd: false);
        Assert.All(taken, path => Assert.Equal("mine", File.ReadAllText(path)));
    }

    [Fact]
    public void A_log_that_was_removed_is_made_anew_and_loses_nothing_after_that()
    {
        using RunningFlowd flowd = Start("logfile \"{dir}/log\"");
        flowd.Send(Exports.NetFlow5);
        flowd.WaitForRecords(3);
        File.Delete(flowd.LogPath);

        flowd.Send(Exports.NetFlow5);

        Assert.Equal(3, flowd.WaitForRecords(3).Count);
        flowd.WaitFor("the file was removed");
    }

    [Fact]
    public void A_folder_that_was_removed_is_made_anew_below_the_base_and_the_base_never_is()
    {
        using RunningFlowd flowd = Start("logfile \"{dir}/logs/%Y/f.%s\" rotate 1h align\nlogfile \"{dir}/log\"");
        string logs = Path.Combine(flowd.Folder, "logs");
        flowd.Send(Exports.NetFlow5);
        flowd.WaitForRecords(3);
        Directory.Delete(Directory.GetDirectories(logs)[0], recursive: true);
        flowd.Send(Exports.NetFlow5);
        flowd.Until(() => Directory.GetFiles(logs, "*.current", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) > 300, () => flowd.Messages, mayEnd: false);

        Directory.Delete(logs, recursive: true);
        flowd.Send(Exports.NetFlow5);
        Assert.Equal(9, flowd.WaitForRecords(9).Count);
        Thread.Sleep(500);
        Assert.False(Directory.Exists(logs));

        Directory.CreateDirectory(logs);
        flowd.Until(() => Directory.GetFiles(logs, "*.current", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) > 300, () => flowd.Messages, mayEnd: false);
        Assert.Equal(0, flowd.Stop());
    }

    [Theory]
    [InlineData("sync always", 5, 400)]
    [InlineData("sync interval 1s", 1, 8)]
    [InlineData("sync never", 1, 2)] // at the end
    public void The_disk_is_waited_for_as_often_as_the_configuration_says(string line, int least, int most)
    {
        string strace = Tool.Installed("strace");
        string trace = Path.Combine(RunningFlowd.NewFolder(), "trace");
        using (RunningFlowd flowd = RunningFlowd.LaunchUnder([strace, "-f", "-e", "trace=fsync,fdatasync", "-o", trace], configuration: $"logfile \"{{dir}}/log\"\n{line}"))
        {
            flowd.WaitFor("listening on");
            for (uint i = 1; i <= 20; i++)
            {
                flowd.Send(Exports.Numbered(i));
                Thread.Sleep(100);
            }

            flowd.WaitForRecords(20);
            Tool.Run("/bin/kill", "-TERM", ChildrenOf(flowd.Id).First().ToString(CultureInfo.InvariantCulture));
            flowd.WaitForExit();
        }

        int syncs = File.ReadAllLines(trace).Count(text => text.Contains("sync(", StringComparison.Ordinal));
        Assert.InRange(syncs, least, most);
        Directory.Delete(Path.GetDirectoryName(trace)!, recursive: true);
    }

    private static IEnumerable<int> ChildrenOf(int id)
        => Tool.Run("/bin/ps", "-o", "pid=", "--ppid", id.ToString(CultureInfo.InvariantCulture)).Lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture));

    private static RunningFlowd Start(string configuration)
    {
        string folder = RunningFlowd.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        return RunningFlowd.Start(configuration, folder);
    }

    private static string PathIn(RunningFlowd flowd, string name) => Path.Combine(flowd.Folder, name);

    private static int Count(RunningFlowd flowd, string name) => RunningFlowd.ReadLog(PathIn(flowd, name)).Count;

    private static string[] Logs(RunningFlowd flowd) => Directory.GetFiles(Path.Combine(flowd.Folder, "logs"), "*", SearchOption.AllDirectories);

    /// <summary>The length of a file that may be deleted at any moment.</summary>
    private static long Length(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static string PlainLog(string folder)
    {
        using RunningFlowd flowd = RunningFlowd.Start("store ALL");
        flowd.Send(Exports.NetFlow5);
        flowd.WaitForRecords(3);
        string copy = Path.Combine(folder, "plain");
        File.Copy(flowd.LogPath, copy);
        return copy;
    }

    private static string CompressedLog(string folder)
    {
        using RunningFlowd flowd = RunningFlowd.Start("logfile \"{dir}/log\" compress zstd");
        flowd.Send(Exports.NetFlow5);
        flowd.Until(() => new FileInfo(flowd.LogPath).Length > 0, () => flowd.Messages, mayEnd: false);
        flowd.Stop();
        string copy = Path.Combine(folder, "compressed");
        File.Copy(flowd.LogPath, copy);
        return copy;
    }
}
