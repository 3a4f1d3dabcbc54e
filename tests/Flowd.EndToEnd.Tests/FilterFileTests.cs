using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Files that a configuration names: the monitor opens them, the parser reads them, and the worker gets what tables have.</summary>
public sealed class FilterFileTests : IDisposable
{
    private const string Rules = "include \"rules\"\n";

    private readonly string _folder = RunningFlowd.NewFolder();

    public FilterFileTests()
    {
        Write("rules", "table <bad> file \"bad\"\ndiscard src <bad>\nmatch tag 20 dst 10.9.0.0/16 label \"nine\"\n");
        Write("bad", "192.0.2.0/24 # someone\n!192.0.2.7\n2001:db8::/32\n");
    }

    [Fact]
    public void Tables_and_includes_are_read_at_the_start_and_at_a_reload()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Rules, _folder);
        flowd.Send(Flow(1, 0xC0000201), Flow(2, 0xC0000207), Flow(3, 0xC6336401));
        Assert.Equal([2u, 3u], flowd.WaitForRecords(2).Select(record => record.Sequence));

        Write("bad", "198.51.100.0/24");
        Reload(flowd, "the new configuration is in force");
        flowd.Send(Flow(4, 0xC6336401), Flow(5, 0xC0000201));
        Assert.Equal([2u, 3u, 5u], flowd.WaitForRecords(3).Select(record => record.Sequence));

        // A mistake in it changes nothing.
        Write("bad", "10.0.0.0/8\nnonsense");
        Reload(flowd, "the configuration in force stays in force");
        flowd.WaitFor($"{Path.Combine(_folder, "bad")}:2:1: \"nonsense\" is not an address or a prefix");
        flowd.Send(Flow(6, 0xC6336401), Flow(7, 0xC0000201));
        Assert.Equal([2u, 3u, 5u, 7u], flowd.WaitForRecords(4).Select(record => record.Sequence));
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void A_worker_that_died_is_followed_by_one_with_the_same_tables()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Rules, _folder);
        Write("bad", "198.51.100.0/24"); // nobody asked to read it
        Tool.Run("/bin/kill", "-KILL", flowd.ChildOf("worker").ToString(System.Globalization.CultureInfo.InvariantCulture));
        flowd.WaitFor("starting another");
        flowd.Send(Flow(1, 0xC0000201), Flow(2, 0xC6336401));
        Assert.Equal([2u], flowd.WaitForRecords(1).Select(record => record.Sequence));
    }

    [Fact]
    public void Tags_of_match_rules_choose_logs()
    {
        using RunningFlowd flowd = RunningFlowd.Start("logfile \"{dir}/nine\" tag 20 store TAG, FLOW_ENGINE_INFO\nlogfile \"{dir}/log\" not tag 20\n" + Rules + "accept tag 7 all", _folder);
        flowd.Send(Flow(1, 0xC6336401, 0x0A090001), Flow(2, 0xC6336401, 0x0A080001));
        Assert.Equal([2u], flowd.WaitForRecords(1).Select(record => record.Sequence));
        flowd.WaitForStatistic("rule 1: match tag 20 label \"nine\" dst 10.9.0.0/16 # evaluations 2 matches 1 wins 0");
        Assert.Equal(0, flowd.Stop());
        FlowRecord nine = Assert.Single(RunningFlowd.ReadLog(Path.Combine(_folder, "nine")));
        Assert.Equal((1u, 7u), (nine.Sequence, nine.Tag));
    }

    [Fact]
    public void Checking_reads_them_too()
    {
        string file = Write("flowd.conf", "listen on [::1]:2055\nlogfile \"/l\"\n" + Rules);
        ToolResult good = Flowd("-nv", "-f", file);
        Assert.Equal((0, ""), (good.Status, good.Errors));
        Assert.Contains($"table <bad> file \"{_folder}/bad\"\ndiscard src <bad>\nmatch tag 20 label \"nine\" dst 10.9.0.0/16\n", good.Output, StringComparison.Ordinal);
        string again = Write("again.conf", good.Output);
        Assert.Equal(good, Flowd("-nv", "-f", again));

        Write("bad", "10.0.0.0/8\n 10.0.0.1/8");
        Write("rules", "table <bad> file \"bad\"\ndiscard src <worse>\ninclude \"/nowhere\"\ninclude \"/dev\"\ninclude \"rules\"");
        ToolResult bad = Flowd("-n", "-f", file);
        Assert.Equal(1, bad.Status);
        Assert.Equal(
            [
                $"{_folder}/bad:2:2: 10.0.0.1/8 has bits set behind its first 8",
                $"{_folder}/rules:2:14: there is no table <worse>",
                $"{_folder}/rules:3:9: /nowhere: No such file or directory",
                $"{_folder}/rules:4:9: /dev: no regular file",
                $"{_folder}/rules:5:9: {_folder}/rules includes itself",
            ],
            bad.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_table_of_a_million_prefixes_is_no_trouble()
    {
        var text = new StringBuilder();
        for (uint i = 0; i < 1_000_000; i++)
            text.Append(Address.FromIPv4(0x0B000000 + i * 512)).Append("/24\n");
        Write("bad", text.ToString());
        using RunningFlowd flowd = RunningFlowd.Start(Rules, _folder);
        flowd.Send(Flow(1, 0x0B000001), Flow(2, 0x0B000101), Flow(3, 0x0B000000 + 999_999 * 512 + 255), Flow(4, 0x0B000000 + 999_999 * 512 + 256));
        Assert.Equal([2u, 4u], flowd.WaitForRecords(2).Select(record => record.Sequence));
    }

    [Fact]
    public void The_reader_has_the_same_language()
    {
        string log = Path.Combine(_folder, "log");
        using RunningFlowd flowd = RunningFlowd.Start("store ALL", _folder);
        flowd.Send(Flow(1, 0xC0000201), Flow(2, 0xC0000207), Flow(3, 0xC6336401));
        flowd.WaitForRecords(3);
        Assert.Equal(0, flowd.Stop());

        string rules = Write("reader", "discard all\n" + Rules + "accept tag 5 octets >= 0 not src <bad>");
        ToolResult result = Tool.Run(Tool.Published("flowd-reader"), "-f", rules, log);
        Assert.Equal((0, ""), (result.Status, result.Errors));
        Assert.Equal([true, true], result.Lines.Where(line => !line.StartsWith('#')).Select(line => line.Contains("192.0.2.7", StringComparison.Ordinal) || line.Contains("198.51.100.1", StringComparison.Ordinal)));

        Write("bad", "nonsense");
        ToolResult bad = Tool.Run(Tool.Published("flowd-reader"), "-f", rules, log);
        Assert.Equal(1, bad.Status);
        Assert.Contains($"{_folder}/bad:1:1: \"nonsense\" is not an address or a prefix", bad.Errors, StringComparison.Ordinal);
    }

    // A flowd that ran there takes it with it.
    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    // Without the warning that there is no sandbox.
    private static ToolResult Flowd(params string[] arguments)
    {
        ToolResult result = Tool.Run(Tool.Published("flowd"), [.. RunningFlowd.Insecure, .. arguments]);
        return result with { Errors = string.Concat(result.Errors.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("-X INSECURE", StringComparison.Ordinal)).Select(line => line + "\n")) };
    }

    private static void Reload(RunningFlowd flowd, string message)
    {
        flowd.Signal("HUP");
        flowd.WaitFor(message);
    }

    // A NetFlow v5 datagram of one record between those addresses.
    private static byte[] Flow(uint sequence, uint source, uint destination = 0x0A000001)
    {
        byte[] datagram = Exports.Numbered(sequence);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(24), source);
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(28), destination);
        return datagram;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
