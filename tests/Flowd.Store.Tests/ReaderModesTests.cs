using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>flowd-reader over many logs: verifying, salvaging, time windows, hosts, several at a time, other addresses.</summary>
public sealed class ReaderModesTests : IDisposable
{
    private const uint Start = 1_700_000_000; // 2023-11-14T22:13:20Z

    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-modes-").FullName;

    public ReaderModesTests()
    {
        for (int log = 0; log < 6; log++)
        {
            byte[] octets = [.. Enumerable.Range(0, 500).SelectMany(i => Sample.Write(RecordOf(log, i)))];
            if (log % 3 == 1)
                octets = Zstd(octets);
            else if (log % 3 == 2)
                octets = Gzip(octets);
            File.WriteAllBytes(PathOf($"log{log}"), octets);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Check_says_what_is_there()
    {
        Command command = Command.Run("--check", "-U", _folder);
        Assert.Equal((0, ""), (command.Exit, command.Error));
        string[] lines = Lines(command);
        Assert.Equal(7, lines.Length);
        Assert.Equal($"{PathOf("log0")}: 500 records, 500 with checksum, {500 * Sample.Write(Sample.Full4).Length} octets, 2023-11-14T22:13:20 to 2023-11-14T22:21:39, no damage", lines[0]);
        Assert.StartsWith("all of 6: 3000 records, 3000 with checksum", lines[6], StringComparison.Ordinal);
    }

    // A folder may be listed while a period ends, so that a log has both its names, and the next one may be there already.
    [Fact]
    public void A_log_in_progress_is_read_once_by_whichever_name_it_has()
    {
        File.Move(PathOf("log3"), PathOf("log3.current"));
        File.Copy(PathOf("log0"), PathOf("log0.current"));
        File.WriteAllBytes(PathOf("log6.current"), []);

        string[] lines = Lines(Command.Run("--check", _folder));

        Assert.Equal([.. new[] { 0, 1, 2, 4, 5 }.Select(log => PathOf($"log{log}:")), PathOf("log3.current:"), "all of 6:"], lines.Select(line => line[..(line.IndexOf(": ", StringComparison.Ordinal) + 1)]));
        Assert.Equal(500, Lines(Command.Run(PathOf("log5.current"))).Length); // listed before, and finished since
    }

    [Fact]
    public void Check_finds_damage_and_repair_salvages_the_rest_octet_for_octet()
    {
        byte[] log = File.ReadAllBytes(PathOf("log0"));
        int length = log.Length / 500;
        byte[] damaged = [.. log[..(100 * length)], 1, 2, 3, .. log[(101 * length)..(300 * length)], .. log[(300 * length + 7)..]];
        File.WriteAllBytes(PathOf("bad"), damaged);

        Command check = Command.Run("--check", PathOf("bad"));
        Assert.Equal(1, check.Exit);
        Assert.Contains("498 records", check.Output, StringComparison.Ordinal);
        Assert.Contains("2 gaps", check.Output, StringComparison.Ordinal);
        Assert.Contains($"{PathOf("bad")}: damaged at offset {100 * length}, 3 octets skipped", check.Error, StringComparison.Ordinal);

        Command repair = Command.Run("--repair", PathOf("good"), PathOf("bad"));
        Assert.Equal((1, ""), (repair.Exit, repair.Output));
        Assert.Equal([.. log[..(100 * length)], .. log[(101 * length)..(300 * length)], .. log[(301 * length)..]], File.ReadAllBytes(PathOf("good")));
        Assert.Equal(0, Command.Run("--check", PathOf("good")).Exit);
    }

    [Theory]
    [InlineData("2023-11-14T22:13:20/2023-11-14T22:13:29", 10 * 6)]
    [InlineData("2023-11-14T22:13/2023-11-14T22:13", 40 * 6)] // up to the end of that minute
    [InlineData("20231114/20231114", 3000)]
    [InlineData("/@1700000000", 6)]
    [InlineData("@1700000499/", 6)]
    [InlineData("-5m/", 0)]
    [InlineData("/-1h", 3000)]
    public void A_time_window_is_kept(string window, int expected)
        => Assert.Equal(expected, Lines(Command.Run("-U", "-t", window, _folder)).Length);

    [Theory]
    [InlineData("yesterday/")]
    [InlineData("2023-11-14")]
    [InlineData("2023-13-14/")]
    [InlineData("@20/@10")]
    [InlineData("-5y/")]
    public void A_window_that_is_none_is_refused(string window)
    {
        Command command = Command.Run("-t", window, _folder);
        Assert.Equal((1, ""), (command.Exit, command.Output));
        Assert.Contains("is not a time window", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_and_ports_are_found()
    {
        Assert.Equal(500, Lines(Command.Run("--address", "10.0.3.1", _folder)).Length);
        Assert.Equal(1000, Lines(Command.Run("--address", "10.0.3.1", "--address=10.0.4.1", _folder)).Length);
        Assert.Equal(6 * 2, Lines(Command.Run("--port", "1007", "--port", "1009", _folder)).Length);
        Assert.Single(Lines(Command.Run("--port", "1007", "--address", "10.0.3.1", _folder)));
        Assert.Equal(1, Command.Run("--port", "70000", _folder).Exit);
        Assert.Equal(1, Command.Run("--address", "host", _folder).Exit);
    }

    [Theory]
    [InlineData("-v")]
    [InlineData("-c")]
    [InlineData("-j")]
    [InlineData("--check")]
    [InlineData("-H7")]
    [InlineData("-o", "-")]
    [InlineData("--repair", "-")]
    public void Several_at_a_time_give_the_same(params string[] options)
    {
        Command one = Command.Run([.. options, _folder]);
        foreach (string jobs in (string[])["2", "5", "0"])
        {
            Command several = Command.Run(["--jobs", jobs, .. options, _folder]);
            Assert.Equal(one.Octets, several.Octets);
            Assert.Equal((one.Exit, one.Error), (several.Exit, several.Error));
        }
    }

    [Fact]
    public void Several_at_a_time_say_the_same_of_damage_and_count_rules_together()
    {
        File.WriteAllBytes(PathOf("log3"), File.ReadAllBytes(PathOf("log3"))[..^5]);
        File.WriteAllText(PathOf("../rules-" + Path.GetFileName(_folder)), "discard src 10.0.1.0/24\n");
        string rules = PathOf("../rules-" + Path.GetFileName(_folder));
        Command one = Command.Run("-d", "-f", rules, _folder, PathOf("missing"));
        Command several = Command.Run("-d", "-f", rules, "--jobs=3", _folder, PathOf("missing"));
        File.Delete(rules);
        Assert.Equal(1, one.Exit);
        Assert.Equal((one.Exit, one.Output, one.Error), (several.Exit, several.Output, several.Error));
        Assert.Contains("evaluations 2999 matches 500 wins 500", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_changed_in_what_is_printed_and_written()
    {
        Assert.All(Lines(Command.Run("--anonymize", "truncate:8", PathOf("log3"))), line => Assert.Contains("src [10.0.0.0]", line, StringComparison.Ordinal));
        File.WriteAllText(PathOf("key"), string.Concat(Enumerable.Range(1, 32).Select(i => i.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))) + "\n");
        string[] lines = Lines(Command.Run("--anonymize", "cryptopan:" + PathOf("key"), PathOf("log3")));
        Assert.Equal(500, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("[10.0.3.1]", StringComparison.Ordinal));
        File.WriteAllText(PathOf("key"), "short");
        Command wrong = Command.Run("--anonymize", "cryptopan:" + PathOf("key"), PathOf("log3"));
        Assert.Equal((1, ""), (wrong.Exit, wrong.Output));
        Assert.StartsWith($"flowd-reader: {PathOf("key")}: ", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--check=yes")]
    [InlineData("--repair")]
    [InlineData("--repair", "x", "-o", "y", "log0")]
    [InlineData("--follow", "--check", "log0")]
    [InlineData("--anonymize", "rot13", "log0")]
    [InlineData("--jobs", "many", "log0")]
    public void Wrong_options_are_refused(params string[] args) => Assert.Equal(1, Command.Run(args).Exit);

    private static FlowRecord RecordOf(int log, int i) => Sample.Full4 with
    {
        SourceAddress = Address.FromIPv4(0x0A000001 | (uint)log << 8),
        SourcePort = (ushort)(1000 + i),
        DestinationPort = 80,
        ReceivedSeconds = Start + (uint)i,
        ReceivedMicroseconds = (uint)log,
        Octets = (ulong)i,
    };

    private static byte[] Zstd(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor(3);
        return compressor.Wrap(plain).ToArray();
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return compressed.ToArray();
    }

    private static string[] Lines(Command command) => command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string PathOf(string name) => Path.Combine(_folder, name);
}
