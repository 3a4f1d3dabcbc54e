using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Flowd.Platform;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Logs that are long enough for the flowd-reader that is compiled for better processors.</summary>
public sealed class LongLogTests : IDisposable
{
    private const long Long = 129L * 1024 * 1024;

    private readonly string _folder = RunningFlowd.NewFolder();

    [Fact]
    public void Each_reader_reads_the_same()
    {
        string log = Write("log", Long), rules = Path.Combine(_folder, "rules"), alone = Path.Combine(_folder, "flowd-reader");
        File.WriteAllText(rules, "discard all\naccept tag 3 src 10.20.0.0/24 dst any port 53 proto udp\naccept src 2001:db8::/123\n");
        File.Copy(Tool.Published("flowd-reader"), alone); // with no other beside it
        Damage(log);

        ToolResult check = Tool.Run(Tool.Published("flowd-reader"), "--check", log), filtered = Tool.Run(Tool.Published("flowd-reader"), "-c", "-f", rules, log);

        Assert.Equal(1, check.Status);
        Assert.Contains(", 2 gaps of ", check.Output, StringComparison.Ordinal);
        Assert.InRange(filtered.Lines.Length, 1000, 100_000);
        Assert.Equal(check, Tool.Run(alone, "--check", log));
        Assert.Equal(filtered, Tool.Run(alone, "-c", "-f", rules, log));
    }

    [Fact]
    public void One_for_better_processors_is_taken_where_they_are_and_it_pays()
    {
        string here = Path.GetDirectoryName(Tool.Published("flowd-reader"))!;

        Assert.Equal(Path.Combine(here, "flowd-reader"), ReaderOf(Write("log", 1000)));
        Assert.Equal(Path.Combine(here, Processor.WideFolder ?? "", "flowd-reader"), ReaderOf(Write("long", Long)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Which program reads it, in the end.
    private static string ReaderOf(string log)
    {
        using Process reader = Tool.Start(Tool.Published("flowd-reader"), ["--follow", log]);
        try
        {
            Assert.StartsWith("FLOW ", reader.StandardOutput.ReadLine(), StringComparison.Ordinal);
            return File.ResolveLinkTarget($"/proc/{reader.Id}/exe", returnFinalTarget: false)!.FullName;
        }
        finally
        {
            reader.Kill();
            reader.WaitForExit();
        }
    }

    // Runs of records of one kind, of any length, again and again.
    private string Write(string name, long length)
    {
        var random = new Random(5);
        using var some = new MemoryStream();
        Span<byte> octets = stackalloc byte[LogRecord.MaxLength];
        while (some.Length < Math.Min(length, 1 << 20))
        {
            bool isIPv6 = random.Next(2) == 0;
            for (int left = random.Next(1, 100); left > 0; left--)
                some.Write(octets[..LogRecord.Write(Record(random, isIPv6), LogFields.Everything, octets)]);
        }

        string path = Path.Combine(_folder, name);
        using FileStream log = File.Create(path);
        while (log.Length < length)
            some.WriteTo(log);
        return path;
    }

    private static FlowRecord Record(Random random, bool isIPv6) => new()
    {
        Fields = LogFields.All,
        ReceivedSeconds = 1_764_000_000,
        Protocol = (byte)random.Next(6, 18),
        SourceAddress = isIPv6 ? Address.FromIPv6(0x20010DB8_00000000, (ulong)random.Next(1000)) : Address.FromIPv4(0x0A140000 + (uint)random.Next(4096)),
        DestinationAddress = isIPv6 ? Address.FromIPv6(0x20010DB8_00000001, 1) : Address.FromIPv4(0xC0000201),
        DestinationPort = (ushort)random.Next(50, 60),
        Packets = (ulong)random.NextInt64(),
        Octets = (ulong)random.NextInt64(),
    };

    // Two records, in one octet each, that are not beside each other.
    private static void Damage(string log)
    {
        using FileStream file = File.Open(log, FileMode.Open);
        foreach (long at in (long[])[50_000_001, 90_000_003])
        {
            file.Position = at;
            int octet = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)(octet ^ 4));
        }
    }
}
