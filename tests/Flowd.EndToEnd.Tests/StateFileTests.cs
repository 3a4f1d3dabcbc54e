using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// What is known of exporters outlives flowd, by the state file; and a file that is of no use, or none at all, keeps nobody from collecting.
/// </summary>
public sealed class StateFileTests : IDisposable
{
    private const string TakenOver = "templates and rates of 1 exporters taken over";

    private static readonly byte[] NetFlow9Data = [.. Exports.NetFlow9[..20], .. Exports.NetFlow9[76..]];

    // The length in the header is that of the data set and the header itself.
    private static readonly byte[] IpfixData = [.. Exports.Ipfix[..2], 0, 72, .. Exports.Ipfix[4..16], .. Exports.Ipfix[84..]];

    private readonly string _folder = RunningFlowd.NewFolder();

    private string StatePath => Path.Combine(_folder, "state");

    private string LogPath => Path.Combine(_folder, "log");

    private string Configuration => $"logfile \"{LogPath}\"\nstatefile \"{StatePath}\"\nstore ALL";

    public static TheoryData<string> Damages => ["empty", "every 97th octet", "too long", "full", "folder", "FIFO"];

    [Fact]
    public void After_a_restart_data_needs_no_template_again()
    {
        using (RunningFlowd flowd = RunningFlowd.Start(Configuration))
        {
            Send(flowd, 2, Exports.NetFlow9, Exports.Ipfix);
            Assert.Equal(0, flowd.Stop());
        }

        using RunningFlowd next = RunningFlowd.Start(Configuration);
        List<FlowRecord> records = Send(next, 4, NetFlow9Data, IpfixData);

        Assert.Contains(TakenOver, next.Messages, StringComparison.Ordinal);
        Assert.Equal(records[..2].Select(record => record.SourceAddress), records[2..].Select(record => record.SourceAddress));
    }

    [Fact]
    public void After_a_worker_was_killed_data_needs_no_template_again()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration);
        int worker = Assert.Single(flowd.Children());
        Processes.Freeze(worker); // so that it takes all of it at once
        flowd.Send(Exports.NetFlow9, Exports.Ipfix, Exports.Numbered(1));
        Processes.Signal(worker, "CONT");
        Send(flowd, 3);
        flowd.Signal("USR2");
        flowd.WaitFor("messages suppressed"); // another round: the one before has saved

        Processes.Signal(worker, "KILL");
        flowd.WaitFor("starting another");
        List<FlowRecord> records = Send(flowd, 6, NetFlow9Data, IpfixData, Exports.Numbered(12));

        Assert.Equal(records[..3].Select(record => record.SourceAddress), records[3..].Select(record => record.SourceAddress));
        flowd.WaitFor(": 10 flows missing before sequence 12");
    }

    [Fact]
    public void A_gap_over_a_restart_is_counted_and_said()
    {
        using (RunningFlowd flowd = RunningFlowd.Start(Configuration))
        {
            Send(flowd, 1, Exports.Numbered(1));
            Assert.Equal(0, flowd.Stop());
        }

        using RunningFlowd next = RunningFlowd.Start(Configuration);
        Send(next, 2, Exports.Numbered(12));
        next.Signal("USR2");
        next.WaitFor("messages suppressed");

        next.WaitFor(": 10 flows missing before sequence 12");
        Assert.Contains("10 flows lost in 1 gaps", next.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void No_gap_over_a_restart_is_none()
    {
        for (uint i = 1; i <= 3; i++)
        {
            using RunningFlowd flowd = RunningFlowd.Start(Configuration);
            Send(flowd, (int)i, Exports.Numbered(i));
            flowd.Signal("USR2");
            flowd.WaitFor("0 flows lost in 0 gaps");
            Assert.Equal(0, flowd.Stop());
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_file_of_no_use_keeps_nobody_from_collecting(string damage)
    {
        Damage(damage);

        CheckCollects();

        if (damage is not "folder" and not "FIFO") // they are left as they are
            CheckIsOfUse();
        else
            Assert.Equal(1, Tool.Run("/usr/bin/test", "-f", StatePath).Status);
        Assert.False(File.Exists(StatePath + ".new"));
    }

    [Fact]
    public void A_file_that_ends_anywhere_keeps_nobody_from_collecting()
    {
        MakeGood();
        byte[] good = File.ReadAllBytes(StatePath);
        for (int i = 0; i < 20; i++)
        {
            // The last places are in what was learnt, the others in the head and the positions before it.
            int length = i < 10 ? good.Length * i / 10 : good.Length - 1 - (20 - i) * 7;
            File.WriteAllBytes(StatePath, good[..length]);
            CheckCollects();
        }

        CheckIsOfUse();
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_said()
    {
        MakeGood();
        Tool.Run("/bin/chmod", "000", StatePath);
        string[] wrapper = [];
        if (RunningFlowd.IsRoot)
        {
            string[] asNobody = [Tool.Installed("setpriv"), "--reuid", "65534", "--regid", "65534", "--clear-groups"];
            wrapper = ["/bin/sh", "-c", "chown -R 65534 \"$0\" && exec \"$@\"", _folder, .. asNobody];
        }

        using RunningFlowd flowd = RunningFlowd.Launch($"{Configuration}\npidfile \"{_folder}/pid\"", folder: null, wrapper, []);
        if (RunningFlowd.IsRoot)
            Tool.Run("/bin/chmod", "a+rx", flowd.Folder);
        flowd.WaitFor("listening on");

        Assert.Contains($"state file {StatePath}: it is not read: ", flowd.Messages, StringComparison.Ordinal);
        Send(flowd, 2, Exports.Numbered(7));
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void No_file_is_written_where_none_is_wanted()
    {
        using (RunningFlowd flowd = RunningFlowd.Start($"logfile \"{LogPath}\"\nstatefile none\nstore ALL"))
        {
            Send(flowd, 1, Exports.NetFlow9);
            Assert.Equal(0, flowd.Stop());
            Assert.Equal(["flowd.conf"], Directory.GetFiles(flowd.Folder).Select(Path.GetFileName));
        }

        Assert.Equal([LogPath], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void The_file_is_replaced_and_never_written_over()
    {
        MakeGood();
        string[] before = InodeAndMode();
        using FileStream old = File.OpenRead(StatePath);
        byte[] first = File.ReadAllBytes(StatePath);

        MakeGood();

        byte[] still = new byte[first.Length];
        old.ReadExactly(still);
        Assert.Equal(first, still);
        Assert.NotEqual(before[0], InodeAndMode()[0]);
        Assert.Equal(["600", "600"], [before[1], InodeAndMode()[1]]);
        Assert.Equal([LogPath, StatePath], Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] InodeAndMode() => Tool.Run("/usr/bin/stat", "-c", "%i %a", StatePath).Lines[0].Split(' ');

    private List<FlowRecord> Send(RunningFlowd flowd, int records, params byte[][] datagrams)
    {
        flowd.Send(datagrams);
        List<FlowRecord> read = [];
        flowd.Until(
            () => (read = RunningFlowd.ReadLog(LogPath)).Count >= records,
            () => $"{read.Count} records instead of {records}:\n{flowd.Messages}",
            mayEnd: false);
        return read;
    }

    private void MakeGood()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration);
        Send(flowd, RunningFlowd.ReadLog(LogPath).Count + 1, Exports.NetFlow9);
        Assert.Equal(0, flowd.Stop());
    }

    private void CheckCollects()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration);
        Send(flowd, RunningFlowd.ReadLog(LogPath).Count + 1, Exports.Numbered(1));
        Assert.Equal(0, flowd.Stop());
        Assert.DoesNotContain("the worker ended", flowd.Messages, StringComparison.Ordinal);
    }

    // What the flowd of a damaged file wrote at its end is good again.
    private void CheckIsOfUse()
    {
        MakeGood();
        using RunningFlowd flowd = RunningFlowd.Start(Configuration);
        Send(flowd, RunningFlowd.ReadLog(LogPath).Count + 1, NetFlow9Data);
    }

    private void Damage(string damage)
    {
        switch (damage)
        {
            case "empty":
                File.WriteAllBytes(StatePath, []);
                break;
            case "every 97th octet":
                MakeGood();
                byte[] octets = File.ReadAllBytes(StatePath);
                for (int i = 0; i < octets.Length; i += 97)
                    octets[i] ^= 0xFF;
                File.WriteAllBytes(StatePath, octets);
                break;
            case "too long":
                Fill(100 << 20);
                break;
            case "full":
                Fill(64 << 20);
                break;
            case "folder":
                Directory.CreateDirectory(StatePath);
                break;
            default:
                Tool.Run(Tool.Installed("mkfifo"), StatePath);
                break;
        }
    }

    private void Fill(int length)
    {
        byte[] block = new byte[1 << 20];
        block.AsSpan().Fill(0xFF);
        using FileStream file = File.Create(StatePath);
        for (int written = 0; written < length; written += block.Length)
            file.Write(block);
    }
}
