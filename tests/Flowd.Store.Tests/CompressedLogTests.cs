using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Logs in frames of Zstandard: written, mended, read with damage, compressed once more, skipped by their index.</summary>
public sealed class CompressedLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowd-zstd-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "flowd.zst");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_flush_is_a_frame_and_zstd_gives_the_plain_log()
    {
        byte[] plain = WriteFrames(Path, [10, 1, 500]);
        Assert.Equal(3, Frames(File.ReadAllBytes(Path)).Count);
        Assert.Equal(Enumerable.Range(0, 511).Select(i => (ulong)i), Read(File.ReadAllBytes(Path), out List<LogGap> gaps));
        Assert.Empty(gaps);
        Assert.SkipUnless(File.Exists("/usr/bin/zstd"), "needs zstd");
        Assert.Equal(plain, Run("zstd", "-dc", Path));
    }

    [Fact]
    public void What_zstd_and_gzip_make_of_a_log_is_read()
    {
        byte[] plain = Sample.Log(20_000); // more than one block, one frame
        foreach (byte[] compressed in (byte[][])[Gzip(plain), ZstdWhole(plain, 3), ZstdWhole(plain, 19)])
            Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (ulong)i), Read(compressed, out _));
        Assert.SkipUnless(File.Exists("/usr/bin/zstd"), "needs zstd");
        string log = System.IO.Path.Combine(_folder, "log");
        File.WriteAllBytes(log, plain);
        Assert.Equal(20_000, Read(Run("zstd", "-19", "-c", log), out List<LogGap> gaps).Count); // with a content size
        using (FileStream input = File.OpenRead(log))
            Assert.Equal(20_000, Read(Run("/bin/sh", "-c", $"cat {log} | zstd -c"), out gaps).Count); // without
        Assert.Empty(gaps);
    }

    [Fact]
    public void A_torn_frame_is_cut_off_at_every_length_and_appended_to()
    {
        WriteFrames(Path, [5, 3, 4]);
        byte[] whole = File.ReadAllBytes(Path);
        List<(int Offset, int Length)> frames = Frames(whole);
        (int last, int lastLength) = frames[^1];
        for (int length = 1; length < lastLength; length++)
        {
            File.WriteAllBytes(Path, whole[..(last + length)]);
            using LogAppender appender = Appender();
            Assert.Equal(new LogOpenResult(LogError.None, last, length), appender.Attach(Open()));
            appender.Append(Sample.Full4 with { Octets = 99 });
            Assert.True(appender.Flush().Succeeded);
            appender.Detach();
            Assert.Equal([0ul, 1, 2, 3, 4, 5, 6, 7, 99], Read(File.ReadAllBytes(Path), out List<LogGap> gaps));
            Assert.Empty(gaps);
        }
    }

    [Fact]
    public void Whole_frames_behind_damage_are_never_cut_off()
    {
        WriteFrames(Path, [5, 3, 4]);
        byte[] whole = File.ReadAllBytes(Path);
        (int second, int length) = Frames(whole)[1];
        for (int i = second; i < second + length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0xFF;
            File.WriteAllBytes(Path, damaged);
            using LogAppender appender = Appender();
            Assert.Equal(default, appender.Attach(Open()));
            appender.Detach();
            Assert.Equal(damaged, File.ReadAllBytes(Path));
        }
    }

    [Theory]
    [InlineData(false, LogError.CompressedLog)]
    [InlineData(true, LogError.PlainLog)]
    public void Plain_and_compressed_are_not_mixed(bool compresses, LogError expected)
    {
        if (compresses)
            File.WriteAllBytes(Path, Sample.Log(3));
        else
            WriteFrames(Path, [3]);
        byte[] before = File.ReadAllBytes(Path);
        using LogAppender appender = compresses ? Appender() : new LogAppender(LogFields.All);
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = Open();
        Assert.Equal(expected, appender.Attach(file).Error);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData("7F454C4602010100000000000000000000000000")]
    [InlineData("504B0304140000000800")]
    public void A_foreign_file_is_refused_where_frames_are_expected(string hex)
    {
        File.WriteAllBytes(Path, Convert.FromHexString(hex));
        using LogAppender appender = Appender();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = Open();
        Assert.Equal(LogError.ForeignFile, appender.Attach(file).Error);
        Assert.Equal(Convert.FromHexString(hex), File.ReadAllBytes(Path));
    }

    // Every frame that was not touched is read, and of the others nothing that is not true.
    [Fact]
    public void Damage_costs_the_frame_that_it_hits()
    {
        var random = new Random(1);
        WriteFrames(Path, [20, 30, 10, 40, 25]);
        byte[] whole = File.ReadAllBytes(Path);
        List<(int Offset, int Length)> frames = Frames(whole);
        int[] firsts = [0, 20, 50, 60, 100, 125];
        for (int i = 0; i < 3000; i++)
        {
            (byte[] damaged, int from, int to) = Damage(whole, random);
            List<ulong> read = Read(damaged, out List<LogGap> gaps);
            for (int frame = 0; frame < frames.Count; frame++)
            {
                bool isTouched = from < frames[frame].Offset + frames[frame].Length && to > frames[frame].Offset;
                IEnumerable<ulong> records = Enumerable.Range(firsts[frame], firsts[frame + 1] - firsts[frame]).Select(n => (ulong)n);
                if (!isTouched)
                    Assert.True(records.All(read.Contains), $"case {i}: frame {frame} of {string.Join(' ', frames)} is lost by damage from {from} to {to}, {damaged.Length - whole.Length} longer: {string.Join(' ', gaps)} {Convert.ToHexString(damaged)}");
            }

            Assert.Equal(read, read.Distinct().Where(n => n < 125));
            Assert.True(gaps.Count is > 0 and < 5 || damaged.AsSpan().SequenceEqual(whole) || read.Count is 125 or < 125, $"case {i}");
        }
    }

    [Fact]
    public void Cut_at_every_octet_the_whole_frames_are_read()
    {
        WriteFrames(Path, [5, 3, 4]);
        byte[] whole = File.ReadAllBytes(Path);
        List<(int Offset, int Length)> frames = Frames(whole);
        int[] before = [0, 5, 8];
        for (int length = frames[1].Offset + 1; length < whole.Length; length++)
        {
            int frame = frames.FindLastIndex(f => f.Offset < length);
            bool isWhole = frames.Exists(f => f.Offset == length);
            List<ulong> read = Read(whole[..length], out List<LogGap> gaps);
            Assert.Equal(before[frame] + (isWhole ? 3 : 0), read.Count);
            Assert.Equal(isWhole ? 0 : 1, gaps.Count);
            if (!isWhole)
                Assert.Equal((frames[frame].Offset, length - frames[frame].Offset, LogError.Truncated), (gaps[0].Offset, gaps[0].Length, gaps[0].Cause));
        }
    }

    // A bomb: little on disk, gigabytes of nothing. Neither memory nor time for it.
    [Fact]
    public void A_bomb_is_given_up_and_what_is_behind_it_read()
    {
        byte[] bomb = ZstdWhole(new byte[1 << 30], 3);
        Assert.True(bomb.Length < 200_000);
        byte[] log = [.. ZstdWhole(Sample.Log(3), 3), .. bomb, .. ZstdWhole(Sample.Log(2), 3)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal([0ul, 1, 2, 0, 1], Read(log, out List<LogGap> gaps));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
        Assert.Contains(gaps, gap => gap.Cause == LogError.SenselessFrame);
    }

    [Theory]
    [InlineData("28B52FFD", "reserved bit and dictionary", 0x0B)]
    [InlineData("28B52FFD", "dictionary", 0x01)]
    public void Frames_that_need_what_is_not_there_are_skipped(string magic, string name, int descriptor)
    {
        byte[] odd = [.. Convert.FromHexString(magic), (byte)descriptor, 0x40, 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal([0ul, 1], Read([.. odd, .. ZstdWhole(Sample.Log(2), 3)], out List<LogGap> gaps));
        LogGap gap = Assert.Single(gaps);
        Assert.Equal((0, odd.Length, LogError.DamagedFrame), (gap.Offset, gap.Length, gap.Cause));
        Assert.NotEmpty(name);
    }

    [Fact]
    public void Compressed_once_more_it_is_the_same_log_with_an_index()
    {
        byte[] plain = WriteFrames(Path, [.. Enumerable.Repeat(1000, 90)]);
        byte[] compact = Compact(File.ReadAllBytes(Path), out CompactResult result);

        Assert.Equal((90_000, 0, compact.Length), (result.Records, result.Gaps, result.Octets));
        Assert.Equal(LogError.None, LogIndex.TryRead(new MemoryStream(compact), out LogIndex? index));
        Assert.True(index!.Blocks.Count > 2);
        Assert.Equal(90_000u, index.Blocks.Sum(block => block.Records));
        Assert.True(compact.Length < new FileInfo(Path).Length);
        Assert.Equal(compact, Compact(plain, out _));
        Assert.Equal(90_000, Read(compact, out List<LogGap> gaps).Count);
        Assert.Empty(gaps);
        Assert.SkipUnless(File.Exists("/usr/bin/zstd"), "needs zstd");
        File.WriteAllBytes(Path, compact);
        Assert.Equal(plain, Run("zstd", "-dc", Path));
    }

    [Fact]
    public void Blocks_that_can_have_nothing_are_not_read()
    {
        byte[] compact = Compact(Traffic(200_000, out FlowRecord[] records), out _);
        FlowRecord wanted = records[150_000];
        foreach (LogSelection selection in (LogSelection[])[
            new() { Addresses = [wanted.SourceAddress] },
            new() { FromSeconds = wanted.ReceivedSeconds, ToSeconds = wanted.ReceivedSeconds },
            new() { Addresses = [wanted.DestinationAddress], Ports = [wanted.DestinationPort] },
            new() { ToSeconds = records[10].ReceivedSeconds },
            new() { Addresses = [Address.FromIPv4(0x01020304)] },
        ])
        {
            var file = new CountedStream(compact);
            using var reader = new LogReader(file, selection: selection);
            var found = new List<FlowRecord>();
            while (reader.TryRead(out FlowRecord record))
            {
                if (selection.Matches(in record))
                    found.Add(record);
            }

            Assert.Equal(records.Where(record => selection.Matches(in record)).Select(r => r.Octets), found.Select(r => r.Octets));
            Assert.True(file.Taken < compact.Length * 2 / 3, $"{file.Taken} of {compact.Length} octets read for {selection}");
        }
    }

    [Fact]
    public void A_damaged_index_is_said_once_and_the_log_read_whole()
    {
        byte[] compact = Compact(Traffic(100_000, out _), out _);
        LogIndex.TryRead(new MemoryStream(compact), out LogIndex? index);
        int indexOffset = (int)index!.Blocks.Sum(block => block.Length);
        var selection = new LogSelection { Addresses = [Address.FromIPv4(0x01020304)] };
        for (int i = indexOffset; i < compact.Length; i += i < compact.Length - 50 ? 1009 : 1)
        {
            byte[] damaged = [.. compact];
            damaged[i] ^= 0x55;
            var gaps = new List<LogGap>();
            using var reader = new LogReader(new MemoryStream(damaged), gaps.Add, selection: selection);
            int read = 0;
            while (reader.TryRead(out _))
                read++;
            Assert.Equal(100_000, read);
            Assert.InRange(gaps.Count, 0, 2);
        }
    }

    // cat(1) is how people merge logs.
    [Fact]
    public void Concatenated_logs_are_read_whole_and_the_index_holds_for_its_own_part()
    {
        byte[] one = Compact(Traffic(70_000, out FlowRecord[] records), out _);
        byte[] both = [.. one, .. one];
        Assert.Equal(140_000, Read(both, out List<LogGap> gaps).Count);
        Assert.Empty(gaps);
        using var reader = new LogReader(new MemoryStream(both), gaps.Add, selection: new LogSelection { Addresses = [records[5].SourceAddress] });
        int found = 0;
        while (reader.TryRead(out FlowRecord record))
            found += record.SourceAddress == records[5].SourceAddress ? 1 : 0;
        Assert.Equal(2 * records.Count(record => record.SourceAddress == records[5].SourceAddress), found);
        Assert.Empty(gaps);
    }

    [Fact]
    public void A_place_in_the_log_is_found_without_and_with_compression()
    {
        byte[] plain = WriteFrames(Path, [300, 200, 100]);
        int length = plain.Length / 600;
        foreach (byte[] log in (byte[][])[plain, File.ReadAllBytes(Path), Compact(plain, out _), Gzip(plain), ZstdWhole(plain, 3)])
        {
            foreach (int skip in (int[])[0, 1, 299, 300, 301, 599, 600])
            {
                using LogReader reader = LogReader.OpenAt(new MemoryStream(log), (long)skip * length);
                Assert.Equal(skip < 600, reader.TryRead(out FlowRecord record));
                Assert.Equal(skip < 600 ? (ulong)skip : 0, record.Octets);
                Assert.Equal(skip < 600 ? (skip + 1L) * length : 600L * length, reader.NextPosition);
            }
        }
    }

    [Fact]
    public void The_index_on_disk()
    {
        var entry = new BlockEntry(0x11, 0x22, 3, 0x44, 0x55, new byte[] { 0xAA, 0xBB }, 5, new byte[] { 0xCC }, 6);
        byte[] frame = LogIndex.Write([entry]);
        string expected = "5F2A4D18" + "37000000" + "0001" + "0000" + "00000001"
            + "00000011" + "00000022" + "00000003" + "00000044" + "00000055" + "00000002" + "00000001" + "05" + "06" + "0000" + "AABB" + "CC";
        Assert.Equal(expected, Convert.ToHexString(frame.AsSpan(0, frame.Length - 12)));
        Assert.Equal("0000003F" + "666C6978", Convert.ToHexString(frame.AsSpan(frame.Length - 8)));
    }

    private static LogAppender Appender() => new(LogFields.All, level: 3);

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open() => File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite);

    // A flush for each count; returns the same records without compression.
    private static byte[] WriteFrames(string path, int[] counts)
    {
        File.WriteAllBytes(path, []);
        using LogAppender appender = Appender();
        Assert.True(appender.Attach(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite)).Succeeded);
        var plain = new MemoryStream();
        ulong number = 0;
        foreach (int count in counts)
        {
            for (int i = 0; i < count; i++)
            {
                FlowRecord record = Sample.Full4 with { Octets = number++ };
                appender.Append(in record);
                plain.Write(Sample.Write(record));
            }

            Assert.True(appender.Flush().Succeeded);
        }

        return plain.ToArray();
    }

    private byte[] Compact(byte[] log, out CompactResult result)
    {
        string source = System.IO.Path.Combine(_folder, "source");
        string target = System.IO.Path.Combine(_folder, "target");
        File.WriteAllBytes(source, log);
        using (Microsoft.Win32.SafeHandles.SafeFileHandle from = File.OpenHandle(source), to = File.OpenHandle(target, FileMode.Create, FileAccess.ReadWrite))
            result = LogCompactor.Compact(from, to, 3);
        return File.ReadAllBytes(target);
    }

    // Each block of some ten thousand records has its own few hosts and seconds.
    private static byte[] Traffic(int count, out FlowRecord[] records)
    {
        var random = new Random(7);
        records = new FlowRecord[count];
        var log = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            uint network = (uint)(i / 5000);
            records[i] = Sample.Full4 with
            {
                SourceAddress = Address.FromIPv4(0x0A000000 | network << 8 | (uint)random.Next(256)),
                DestinationAddress = Address.FromIPv4(0x0B000000 | network << 8 | (uint)random.Next(256)),
                SourcePort = (ushort)random.Next(1024, 3000),
                DestinationPort = (ushort)(network + 1),
                ReceivedSeconds = 1_700_000_000 + (uint)(i / 1000),
                Octets = (ulong)i,
            };
            log.Write(Sample.Write(records[i]));
        }

        return log.ToArray();
    }

    private static (byte[] Damaged, int From, int To) Damage(byte[] whole, Random random)
    {
        int at = random.Next(whole.Length);
        int length = random.Next(1, Math.Min(40, whole.Length - at + 1));
        byte[] noise = new byte[random.Next(0, 40)];
        random.NextBytes(noise);
        return random.Next(4) switch
        {
            0 => ([.. whole[..at], (byte)(whole[at] ^ (1 << random.Next(8))), .. whole[(at + 1)..]], at, at + 1),
            1 => ([.. whole[..at], .. whole[(at + length)..]], at, at + length),
            2 => ([.. whole[..at], .. noise, .. whole[at..]], at, at),
            _ => ([.. whole[..at], .. new byte[length], .. whole[(at + length)..]], at, at + length),
        };
    }

    private static List<(int Offset, int Length)> Frames(byte[] log)
    {
        var frames = new List<(int, int)>();
        string path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(path, log);
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
        for (int at = 0; at < log.Length;)
        {
            Assert.Equal(LogError.None, FrameWalk.TryMeasure(file, at, log.Length, out _, out long length));
            frames.Add((at, (int)length));
            at += (int)length;
        }

        return frames;
    }

    private static List<ulong> Read(byte[] log, out List<LogGap> gaps)
    {
        var found = new List<LogGap>();
        using var reader = new LogReader(new MemoryStream(log), found.Add);
        var records = new List<ulong>();
        while (reader.TryRead(out FlowRecord record))
            records.Add(record.Octets);
        gaps = found;
        return records;
    }

    private static byte[] ZstdWhole(byte[] plain, int level)
    {
        using var compressor = new ZstdSharp.Compressor(level);
        return compressor.Wrap(plain).ToArray();
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return compressed.ToArray();
    }

    private static byte[] Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }

    private sealed class CountedStream(byte[] octets) : MemoryStream(octets)
    {
        public long Taken { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            Taken += read;
            return read;
        }
    }
}
