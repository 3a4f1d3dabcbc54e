using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>flowd-reader on a log of which it often sees half a record at the end, as of one that is being written to.</summary>
public sealed class LiveLogTests : IDisposable
{
    private const int Count = 4000;
    private const int AtOnce = 10;

    private readonly string _log = Path.Combine(RunningFlowd.NewFolder(), "log");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_log)!, recursive: true);

    [Theory]
    [InlineData("-q")]
    [InlineData("-c")]
    [InlineData("--check")]
    public void A_log_that_is_written_to_is_not_damaged(string option)
    {
        File.WriteAllBytes(_log, []);
        var writing = new Thread(Write);
        writing.Start();
        int runs = 0;
        while (writing.IsAlive)
        {
            ToolResult read = Tool.Run(Tool.Published("flowd-reader"), option, _log);
            Assert.Equal("", read.Errors);
            Assert.Equal(0, read.Status);
            runs++;
        }

        writing.Join();
        Assert.InRange(runs, 2, 10_000);
        Assert.Equal(Count + 1, Tool.Run(Tool.Published("flowd-reader"), "-c", _log).Lines.Length); // and the heading
    }

    // Each log gets another name when its second is over, and the next one is there before it has anything.
    [Fact]
    public void A_folder_of_logs_that_rotate_can_be_read_at_any_time()
    {
        string folder = RunningFlowd.NewFolder(), logs = Path.Combine(folder, "logs");
        Directory.CreateDirectory(logs);
        using RunningFlowd flowd = RunningFlowd.Start("logfile \"{dir}/logs/%s\" rotate 1s align compress zstd", folder);
        using var stream = new NumberedStream(flowd.Port, perSecond: 1000);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(8);)
        {
            ToolResult read = Tool.Run(Tool.Published("flowd-reader"), "-j", logs);
            Assert.Equal("", read.Errors);
            Assert.Equal(0, read.Status);
            Assert.Equal(read.Lines.Length, read.Lines.Distinct().Count());
        }

        uint all = stream.Finish();
        Assert.Equal(0, flowd.Stop());
        Assert.Equal(all, (uint)Tool.Run(Tool.Published("flowd-reader"), "-j", logs).Lines.Length);
    }

    // What a killed flowd left behind is damage, and does not keep anyone waiting for long.
    [Fact]
    public void What_stays_half_a_record_is_damage()
    {
        File.WriteAllBytes(_log, Records(100)[..^1]);
        var watch = Stopwatch.StartNew();

        ToolResult read = Tool.Run(Tool.Published("flowd-reader"), "-q", _log);

        Assert.Equal(1, read.Status);
        Assert.Contains("skipped (incomplete record)", read.Errors, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    // Some records at a time, of which one comes in two halves.
    private void Write()
    {
        byte[] records = Records(AtOnce);
        using FileStream file = new(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (int i = 0; i < Count / AtOnce; i++)
        {
            file.Write(records, 0, records.Length - 50);
            Thread.Sleep(3);
            file.Write(records, records.Length - 50, 50);
            Thread.Sleep(3);
        }
    }

    private static byte[] Records(int count)
    {
        var one = new FlowRecord { Fields = LogFields.All, ReceivedSeconds = 1_764_000_000, SourceAddress = Address.FromIPv4(0x0A000001), DestinationAddress = Address.FromIPv4(0xC0000201) };
        byte[] octets = new byte[LogRecord.MaxLength];
        octets = octets[..LogRecord.Write(in one, LogFields.All, octets)];
        return [.. Enumerable.Repeat(octets, count).SelectMany(static record => record)];
    }
}
