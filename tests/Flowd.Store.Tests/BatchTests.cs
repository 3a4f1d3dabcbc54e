using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>One log read by several threads, against one thread.</summary>
public sealed class BatchTests : IDisposable
{
    private const int Records = 30_000; // more than several batches

    private static readonly byte[] Sound = [.. Enumerable.Range(0, Records / 1000).SelectMany(i => Sample.Log(1000, i % 4 == 3 ? LogFields.All & ~LogFields.Tag : LogFields.All))];

    private static readonly Dictionary<string, Func<byte[], byte[]>> Wounds = new()
    {
        ["none"] = static log => log,
        ["a bit"] = static log => With(log, log.Length / 2, static octet => (byte)(octet ^ 1)),
        ["a bit in the first record"] = static log => With(log, 50, static octet => (byte)(octet ^ 1)),
        ["bits everywhere"] = static log => Enumerable.Range(0, 200).Aggregate(log, static (l, i) => With(l, 5_000 + i * 15_001, static octet => (byte)(octet ^ 0x10))),
        ["a hole"] = static log => [.. log[..700_000], .. log[700_777..]],
        ["a hole in each of many batches"] = static log => [.. Enumerable.Range(0, 10).SelectMany(i => log[(i * 300_000)..(i * 300_000 + 299_950)])],
        ["zeros"] = static log => [.. log[..600_001], .. new byte[500_000], .. log[1_100_001..]],
        ["something in between"] = static log => [.. log[..1_000_000], .. "not a record"u8, .. log[1_000_000..]],
        ["a torn end"] = static log => log[..^7],
        ["records without checksums behind those with"] = static log => [.. log, .. Sample.Log(9000, LogFields.All & ~LogFields.Crc32)],
        ["records without checksums"] = static log => [.. log[..1_000], .. Enumerable.Range(0, 25).SelectMany(_ => Sample.Log(1000, LogFields.All & ~LogFields.Crc32))],
        ["newer records"] = static log => [.. log[..Sample.Log(5000).Length], .. Hex.Parse("62020000 00000001 00000007 00000000"), .. log[Sample.Log(5000).Length..]],
    };

    private readonly string _path = Path.Combine(Path.GetTempPath(), "flowd-batches-" + Path.GetRandomFileName());

    public static TheoryData<string> Names => [.. Wounds.Keys];

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Names))]
    public void Several_threads_print_the_same(string wound)
    {
        File.WriteAllBytes(_path, Wounds[wound](Sound));
        Assert.True(new FileInfo(_path).Length > 2 * 1024 * 1024);
        AssertSame();
        AssertSame("--check");
        AssertSame("-q", "-o", "-");
        AssertSame("--repair", "-");
        AssertSame("-j", "--address", "2001:db8::2");
    }

    // Many records on end with the same header, which are not decoded unless they must be.
    [Fact]
    public void What_is_asked_of_many_records_at_once_is_what_is_asked_of_each()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, Records).SelectMany(i => Sample.Write(Various(i), LogFields.All))]);
        string rules = _path + "-rules";
        File.WriteAllText(rules, """
            discard all
            accept tag 5 src 10.0.0.0/28
            accept src 2001:db8::/125 dst any port 80 proto tcp
            match tag 6 dst any port >= 1000 proto tcp
            accept quick tag 8 dst any port 53 proto tcp
            accept tag 9 in_ifndx 3
            discard proto udp
            """);
        try
        {
            AssertSameText("-f", rules);
            AssertSameText("-q", "-f", rules, "-o", "-");
            AssertSameText("-v", "-f", rules, "--anonymize", "truncate:16");
            AssertSameText("-j", "--address", "10.0.0.3", "--address", "2001:db8::7", "--port", "53", "--port", "80");
            AssertSameText("-c", "-f", rules, "-t", "@1761607690/@1761607700", "--port", "443");
            AssertSameText("-c", "-t", "@1761607690/");
            AssertSameText("--check");
            AssertSameText("-c", "-f", rules, _path);
        }
        finally
        {
            File.Delete(rules);
        }
    }

    private void AssertSameText(params string[] options)
    {
        Command command = AssertSame(options);
        Assert.Equal((0, ""), (command.Exit, command.Error));
        Assert.NotEmpty(command.Octets);
    }

    private static FlowRecord Various(int i) => (i / 70 % 3 == 0 ? Sample.Full6 : Sample.Full4) with
    {
        SourceAddress = i / 70 % 3 == 0 ? Address.FromIPv6(0x2001_0DB8_0000_0000, (ulong)(i % 19)) : Address.FromIPv4(0x0A000000 + (uint)i % 23),
        SourcePort = (ushort)(i % 7 == 0 ? 443 : 1024 + i % 1000),
        DestinationPort = (ushort)(i % 5 == 0 ? 80 : i % 11 == 0 ? 53 : 999 + i % 3),
        Protocol = (byte)(i % 13 == 0 ? 17 : 6),
        InputInterface = (uint)(i % 29),
        ReceivedSeconds = 0x69000000 + (uint)i / 1000,
    };

    [Fact]
    public void Several_threads_read_a_compressed_log()
    {
        using (var file = File.Create(_path))
        {
            using var compressor = new ZstdSharp.Compressor(1);
            for (int at = 0; at < Sound.Length; at += 500_000)
                file.Write(compressor.Wrap(Sound.AsSpan(at, Math.Min(500_000, Sound.Length - at))));
            file.Write(new byte[1024 * 1024]); // damage, and long enough for threads
        }

        Assert.Equal(1, AssertSame("-c").Exit);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Batches_and_records_can_be_mixed_and_put_back(bool isFile)
    {
        byte[] log = Wounds["bits everywhere"](Sound);
        File.WriteAllBytes(_path, log);
        List<FlowRecord> expected = Sample.Read(log).Records;
        var read = new List<FlowRecord>();
        var random = new Random(1);
        using Stream stream = isFile ? File.OpenRead(_path) : new MemoryStream(log);
        using var reader = new LogReader(stream);
        LogBatch[] batches = [new(), new(), new()];
        while (true)
        {
            LogBatch[] taken = [.. batches.Take(random.Next(1, 4)).TakeWhile(reader.TryTakeBatch)];
            int sound = 0;
            for (bool any = random.Next(4) > 0; any && sound < taken.Length && TryRead(taken[sound], read); sound++)
            {
            }

            reader.PutBack(taken[sound..]);
            int records = random.Next(100, 3000);
            FlowRecord record = default;
            while (records > 0 && reader.TryRead(LogFields.Everything, ref record))
            {
                read.Add(record);
                records--;
            }

            if (records > 0)
                break;
        }

        Assert.Equal(expected, read);
    }

    // All of them, or none.
    private static bool TryRead(LogBatch batch, List<FlowRecord> records)
    {
        int before = records.Count;
        FlowRecord record = default;
        while (batch.TryRead(out BatchRun run))
        {
            Assert.InRange(run.Count, 1, WireTest.MostRecords);
            for (int i = 0; i < run.Count; i++)
            {
                Assert.True(LogRecord.IsRecord(run.OctetsOf(i), out int length));
                Assert.Equal(run.OctetsOf(i).Length, length);
                run.Read(i, LogFields.Everything, ref record);
                records.Add(record);
            }
        }

        if (!batch.IsSound)
            records.RemoveRange(before, records.Count - before);
        return batch.IsSound;
    }

    private Command AssertSame(params string[] options)
    {
        Command one = Command.Run(["--jobs=1", "-H", "1000000000", .. options, _path]); // record by record
        foreach (string jobs in (string[])["1", "2", "7"])
        {
            Command several = Command.Run(["--jobs", jobs, .. options, _path]);
            Assert.Equal((one.Exit, one.Error), (several.Exit, several.Error));
            Assert.True(one.Octets.AsSpan().SequenceEqual(several.Octets), $"{string.Join(' ', options)} with {jobs} jobs");
        }

        return one;
    }

    private static byte[] With(byte[] log, int at, Func<byte, byte> change)
    {
        byte[] changed = (byte[])log.Clone();
        if (at < log.Length)
            changed[at] = change(changed[at]);
        return changed;
    }
}
