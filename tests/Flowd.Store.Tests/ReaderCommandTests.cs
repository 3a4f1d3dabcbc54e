using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Flowd.Reader;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>flowd-reader as its users meet it: options, errors, exit status.</summary>
public sealed class ReaderCommandTests : IDisposable
{
    private const int Count = 6;

    private static readonly byte[] Log = Sample.Log(Count);

    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-reader-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("log")]
    [InlineData("-U", "log")]
    [InlineData("log", "-U")]                 // options behind files, as GNU getopt takes them
    [InlineData("-qv", "log")]                // the last of -q and -v counts
    [InlineData("-H6", "log")]
    [InlineData("-H", "6", "log")]
    [InlineData("--", "log")]
    public void Prints_one_line_a_record(params string[] args)
    {
        Command command = Run(args);
        Assert.Equal((0, ""), (command.Exit, command.Error));
        Assert.Equal(Count, Lines(command).Count(line => line.StartsWith("FLOW tag 7 recv_time ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Brief_and_full_text()
    {
        string brief = Lines(Run("-U", "-H1", "log"))[0];
        Assert.EndsWith("dst [2001:db8::3]:50000 packets 10 octets 0 ", brief);
        string[] full = Lines(Run("-U", "-v", "-H1", "log"));
        Assert.Equal($"LOGFILE {PathOf("log")}", full[0]);
        Assert.Contains(" gateway [fe80::4] packets 10 octets 0 in_if 1 out_if 70000 sys_uptime_ms 1h5s.643 ", full[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_read()
    {
        Command command = Command.Run(Log, "-v", "-");
        Assert.Equal(Count + 1, Lines(command).Length);
        Assert.Equal("LOGFILE -", Lines(command)[0]);
    }

    [Fact]
    public void Head_counts_for_each_log()
        => Assert.Equal(4, Lines(Run("-H2", "log", "log")).Length);

    // A second "-" must neither fail nor lose what was read ahead for the first.
    [Fact]
    public void Standard_input_named_twice_goes_on_where_it_was()
    {
        Command command = Command.Run(Log, "-H2", "-", "-");
        Assert.Equal((0, ""), (command.Exit, command.Error));
        Assert.Equal(Lines(Run("-H4", "log")), Lines(command));
        Assert.Equal(Count, Lines(Command.Run(Log, "-", "-")).Length);
    }

    [Fact]
    public void Csv_has_one_header()
    {
        string[] lines = Lines(Run("-c", "log", "log"));
        Assert.Equal(2 * Count + 1, lines.Length);
        Assert.StartsWith("#:unix_secs,", lines[0]);
        Assert.DoesNotContain(lines.Skip(1), line => line.StartsWith('#'));
    }

    [Fact]
    public void Json_is_one_object_a_line_whatever_else_is_asked_for()
    {
        Command command = Run("-j", "-v", "log");
        ulong[] octets = [.. Lines(command).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("octets").GetUInt64())];
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (ulong)i), octets);
    }

    [Theory]
    [InlineData("-q", "log")]
    [InlineData("-qc", "log")]
    [InlineData("-qj", "log")]
    public void Quiet_prints_nothing(params string[] args) => Assert.Equal(("", ""), (Run(args).Output, Run(args).Error));

    [Fact]
    public void Help_and_version()
    {
        Command help = Run("-h");
        Assert.Equal((0, ""), (help.Exit, help.Output));
        Assert.StartsWith("Usage: flowd-reader [options] flow-log [flow-log ...]\n", help.Error);
        foreach (char option in "HLqdfovcjUVh")
            Assert.Matches($"\n  -{option}[, ]", help.Error);
        Command version = Run("-V");
        Assert.Equal((0, "flowd-reader 1.0.0\n", ""), (version.Exit, version.Output, version.Error));
    }

    [Theory]
    [InlineData("No logfile specified")]
    [InlineData("No logfile specified", "-v")]
    [InlineData("Invalid -H value.", "-H", "0", "log")]
    [InlineData("Invalid -H value.", "-Hx", "log")]
    [InlineData("Invalid -H value.", "-H", "99999999999999999999", "log")]
    [InlineData("flowd-reader: invalid option -- 'x'", "-vx", "log")]
    [InlineData("flowd-reader: option requires an argument -- 'f'", "log", "-f")]
    public void A_wrong_command_line_is_answered_with_the_usage(string message, params string[] args)
    {
        Command command = Run(args);
        Assert.Equal((1, ""), (command.Exit, command.Output));
        Assert.StartsWith(message + "\nUsage: flowd-reader", command.Error);
    }

    [Fact]
    public void A_missing_file_does_not_keep_the_others_from_being_read()
    {
        Command command = Run("missing", "log");
        Assert.Equal(1, command.Exit);
        Assert.Equal($"flowd-reader: {PathOf("missing")}: No such file or directory\n", command.Error);
        Assert.Equal(Count, Lines(command).Length);
    }

    [Fact]
    public void A_folder_stands_for_the_logs_below_it_the_oldest_first()
    {
        string folder = PathOf("logs/2026");
        Directory.CreateDirectory(folder);
        foreach ((string name, uint seconds) in ((string, uint)[])[("b", 100), ("a", 200), ("c.current", 50), ("d.tmp", 1), (".hidden", 1)])
            File.WriteAllBytes(Path.Combine(folder, name), Sample.Write(Sample.Full4 with { ReceivedSeconds = seconds, Octets = seconds }));
        Command command = Command.Run("-jU", PathOf("logs"));
        Assert.Equal((0, ""), (command.Exit, command.Error));
        Assert.Equal([100, 200, 50], Lines(command).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("octets").GetInt32()));
    }

    [Fact]
    public void Damage_is_reported_where_it_is_and_the_rest_is_read()
    {
        byte[] first = Sample.Write(Sample.Full4);
        Command command = Command.Run([.. first, 0, .. Log, .. first.AsSpan(0, 20)], "-");
        Assert.Equal(1, command.Exit);
        Assert.Equal(
            $"flowd-reader: -: damaged at offset {first.Length}, 1 octet skipped (not a version 3 record)\n" +
            $"flowd-reader: -: damaged at offset {first.Length + 1 + Log.Length}, 20 octets skipped (incomplete record)\n",
            command.Error);
        Assert.Equal(Count + 1, Lines(command).Length);
    }

    [Fact]
    public void A_log_of_version_2_wants_an_option()
    {
        Command refused = Command.Run(Sample.Legacy, "-");
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Contains("version 2", refused.Error, StringComparison.Ordinal);
        Assert.Contains("-L", refused.Error, StringComparison.Ordinal);

        Command read = Command.Run(Sample.Legacy, "-LUv", "-");
        Assert.Equal((0, ""), (read.Exit, read.Error));
        Assert.Equal("LOGFILE - started at 2004-11-08T23:23:44", Lines(read)[0]);
        Assert.Equal("FLOW tag 42 ", Lines(read)[2]);
    }

    [Fact]
    public void A_log_of_version_3_is_not_read_as_version_2()
    {
        Command command = Run("-L", "log");
        Assert.Equal(1, command.Exit);
        Assert.Contains("not a log of version 2", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_log_replaces_what_was_there()
    {
        File.WriteAllBytes(PathOf("out"), new byte[100_000]);
        Command command = Run("-q", "-o", PathOf("out"), "log");
        Assert.Equal((0, "", ""), (command.Exit, command.Output, command.Error));
        Assert.Equal(Log, File.ReadAllBytes(PathOf("out")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("out")));
        Assert.Equal(["log", "out"], Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_log_can_be_written_over_itself()
    {
        Run("-q", "-H2", "-o", PathOf("log"), "log");
        Assert.Equal([0, 1], Sample.Read(File.ReadAllBytes(PathOf("log"))).Records.Select(r => r.Octets));
    }

    [Fact]
    public void A_link_is_followed_and_a_device_stays_one()
    {
        File.WriteAllText(PathOf("target"), "old");
        File.CreateSymbolicLink(PathOf("link"), PathOf("target"));
        Assert.Equal(0, Run("-q", "-o", PathOf("link"), "log").Exit);
        Assert.Equal(Log, File.ReadAllBytes(PathOf("target")));

        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        Assert.Equal(0, Run("-q", "-o", "/dev/null", "log").Exit);
        Assert.Empty(File.ReadAllBytes("/dev/null"));
        Command full = Run("-q", "-o", "/dev/full", "log");
        Assert.Equal((1, "flowd-reader: /dev/full: No space left on device\n"), (full.Exit, full.Error));
    }

    [Fact]
    public void An_output_that_cannot_be_made_is_an_error()
    {
        Command command = Run("-q", "-o", PathOf("no/such/folder/out"), "log");
        Assert.Equal((1, $"flowd-reader: {PathOf("no/such/folder/out")}: No such file or directory\n"), (command.Exit, command.Error));
    }

    [Fact]
    public void Binary_data_goes_to_standard_output_but_not_to_a_terminal()
    {
        Assert.Equal(Log, Run("-o", "-", "log").Octets);
        Command command = Command.Run(Stream.Null, isTerminal: true, "-o", "-", PathOf("log"));
        Assert.Equal((1, ""), (command.Exit, command.Output));
        Assert.Equal("flowd-reader: Refusing to write binary flow data to standard output.\n", command.Error);
    }

    [Fact]
    public void Rules_filter_tag_and_choose_the_fields()
    {
        File.WriteAllText(PathOf("rules"), "store OCTETS\nstore TAG\nstore SRC_ADDR\ndiscard all\naccept tag 9 src 10.0.0.0/8\n");
        Command command = Run("-f", PathOf("rules"), "log");
        Assert.Equal(("", 0), (command.Error, command.Exit));
        Assert.Equal(
            ["FLOW tag 9 src [10.0.0.1] octets 1 ", "FLOW tag 9 src [10.0.0.1] octets 2 ", "FLOW tag 9 src [10.0.0.1] octets 4 ", "FLOW tag 9 src [10.0.0.1] octets 5 "],
            Lines(command));
        List<FlowRecord> written = Sample.Read(Run("-f", PathOf("rules"), "-o", "-", "log").Octets).Records;
        Assert.All(written, r => Assert.Equal(LogFields.Tag | LogFields.SrcAddr4 | LogFields.Octets, r.Fields));
    }

    [Fact]
    public void Filtered_records_count_for_head()
    {
        File.WriteAllText(PathOf("rules"), "accept all\ndiscard src 2001:db8::/32\n");
        Assert.Equal(2, Lines(Run("-H3", "-f", PathOf("rules"), "log")).Length);
    }

    [Fact]
    public void Wrong_rules_are_named_by_their_place()
    {
        File.WriteAllText(PathOf("rules"), "accept all\naccept bogus\n");
        Command command = Run("-f", PathOf("rules"), "log");
        Assert.Equal((1, ""), (command.Exit, command.Output));
        Assert.StartsWith(PathOf("rules") + ":2:", command.Error);
        Assert.Equal(1, Run("-f", PathOf("missing"), "log").Exit);
    }

    [Fact]
    public void Debugging_shows_the_rules_and_their_counters()
    {
        File.WriteAllText(PathOf("rules"), "discard quick src 10.0.0.0/8\n");
        Command command = Run("-d", "-q", "-f", PathOf("rules"), "log");
        Assert.Equal(0, command.Exit);
        Assert.Contains("discard quick src 10.0.0.0/8\n", command.Error, StringComparison.Ordinal);
        Assert.Contains($"evaluations {Count} matches 4 wins 4\n", command.Error, StringComparison.Ordinal);
    }

    // flowd-reader log | head
    [Fact]
    public void A_reader_that_goes_away_is_no_error()
    {
        using var error = new MemoryStream();
        Assert.Equal(0, Program.Run([PathOf("log")], new StandardStreams(Stream.Null, new Broken(32), error)));
        Assert.Equal(0, error.Length);
        Assert.Equal(1, Program.Run([PathOf("log")], new StandardStreams(Stream.Null, new Broken(28), error)));
        Assert.Equal("flowd-reader: standard output: No space left on device\n", System.Text.Encoding.UTF8.GetString(error.ToArray()));
    }

    // tail -c+0 -f log | flowd-reader -
    [Fact]
    public void What_came_through_a_pipe_is_shown_before_waiting_for_more()
    {
        using var output = new MemoryStream();
        var shown = new List<long>();
        var pipe = new Watched(Log, () => shown.Add(output.Length));
        Program.Run(["-"], new StandardStreams(pipe, output, Stream.Null));
        Assert.Equal(0, shown[0]);
        Assert.Equal(output.Length, shown[^1]);
    }

    public ReaderCommandTests() => File.WriteAllBytes(PathOf("log"), Log);

    private string PathOf(string name) => Path.Combine(_folder, name);

    // "log" and "missing" stand for files in the test's folder.
    private Command Run(params string[] args) => Command.Run(Array.ConvertAll(args, arg => arg is "log" or "missing" ? PathOf(arg) : arg));

    private static string[] Lines(Command command) => command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A stream that fails with an error number at the first write.</summary>
    private sealed class Broken(int errno) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("broken", errno);

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("broken", errno);
    }

    /// <summary>A pipe that hands over one record's worth a time and tells when it is asked.</summary>
    private sealed class Watched(byte[] log, Action asked) : MemoryStream(log)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count)
        {
            asked();
            return base.Read(buffer, offset, Math.Min(count, 100));
        }
    }
}
