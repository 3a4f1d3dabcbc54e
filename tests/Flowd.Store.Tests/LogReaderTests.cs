using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Whole logs, sound and damaged.</summary>
public class LogReaderTests
{
    private const int Count = 12;

    private static readonly byte[] Log = Sample.Log(Count);

    private static readonly int[] Starts = Sample.StartsOf(Log);

    [Fact]
    public void A_sound_log_reads_without_a_gap()
    {
        (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read(Log);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (ulong)i), records.Select(r => r.Octets));
        Assert.Empty(gaps);
    }

    [Fact]
    public void Positions_are_those_of_the_records()
    {
        var reader = new LogReader(new MemoryStream(Log), offset: 1000);
        foreach (int start in Starts)
        {
            Assert.True(reader.TryRead(out _));
            Assert.Equal(1000 + start, reader.Position);
        }

        Assert.Equal(1000 + Log.Length, reader.NextPosition);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(int.MaxValue)]
    public void The_octets_of_a_record_are_those_of_the_log(int piece)
    {
        using var pipe = new Pieces([.. Log.AsSpan(0, Starts[5]), 0xFF, .. Log.AsSpan(Starts[5])], piece);
        var reader = new LogReader(pipe);
        Assert.True(reader.RecordOctets.IsEmpty);
        for (int i = 0; i < Count; i++)
        {
            Assert.True(reader.TryRead(out _));
            Assert.Equal(Log.AsSpan(Starts[i]..End(i)), reader.RecordOctets);
        }

        Assert.False(reader.TryRead(out _));
        Assert.True(reader.RecordOctets.IsEmpty);
    }

    // A pipe hands over what it has, which may be one octet, and then lets us wait.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void A_record_is_returned_as_soon_as_it_is_there(int piece)
    {
        using var pipe = new Pieces(Log, piece);
        var reader = new LogReader(pipe);
        foreach (int start in Starts)
        {
            Assert.True(reader.TryRead(out _));
            Assert.True(pipe.Taken < reader.NextPosition + piece, $"read on behind the record at {start}");
        }
    }

    [Fact]
    public void Every_single_byte_change_costs_the_record_that_it_hits_and_no_other()
    {
        for (int i = 0; i < Log.Length; i++)
        {
            foreach (byte change in (byte[])[0x01, 0x80, 0x20, 0xFF])
            {
                byte[] damaged = [.. Log];
                damaged[i] ^= change;
                int hit = RecordAt(i);
                (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read(damaged);
                Assert.Equal(Enumerable.Range(0, Count).Where(n => n != hit), records.Select(r => (int)r.Octets));
                LogGap gap = Assert.Single(gaps);
                Assert.Equal(Starts[hit], gap.Offset);
                Assert.Equal(End(hit) - Starts[hit], gap.Length);
            }
        }
    }

    [Fact]
    public void Every_truncation_costs_the_last_record()
    {
        for (int length = 1; length < Log.Length; length++)
        {
            int torn = RecordAt(length);
            (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read(Log.AsSpan(0, length));
            Assert.Equal(torn, records.Count);
            if (length == Starts[torn])
                Assert.Empty(gaps);
            else
                Assert.Equal(new LogGap(Starts[torn], length - Starts[torn], LogError.Truncated), Assert.Single(gaps));
        }
    }

    // The original stops without a word at the first of these, and exits with 0.
    [Theory]
    [InlineData("00")]
    [InlineData("60")]
    [InlineData("6060606060606060606060")]
    [InlineData("FF6000000000000000")]       // a record of nothing behind junk: nobody misses it
    [InlineData("012CF0470000000241900000")] // the header of a version 2 log
    public void Junk_between_records_is_skipped(string hex)
    {
        byte[] junk = Hex.Parse(hex);
        int at = Starts[5];
        (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read([.. Log.AsSpan(0, at), .. junk, .. Log.AsSpan(at)]);

        Assert.Equal(Count, records.Count);
        Assert.Equal((at, junk.Length), (Assert.Single(gaps).Offset, gaps[0].Length));
    }

    [Fact]
    public void Megabytes_of_junk_are_one_gap()
    {
        byte[] junk = new byte[3_000_001];
        new Random(1).NextBytes(junk);
        (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read([.. Log, .. junk, .. Log]);
        Assert.Equal(2 * Count, records.Count);
        Assert.Equal(junk.Length, Assert.Single(gaps).Length);
    }

    [Fact]
    public void A_text_file_is_one_gap()
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("`abcdefghijklmnopqrstuvwxyz{|}~ 0123456789\n", 100)));
        (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read(text);
        Assert.Empty(records);
        Assert.Equal(text.Length, Assert.Single(gaps).Length);
    }

    [Fact]
    public void Random_damage_costs_at_most_the_records_that_it_hits()
        => Gen.Select(Gen.Int[0, Log.Length - 1], Gen.Byte.Array[1, 300], Gen.Int[0, 2]).Array[1, 3].Sample(wounds =>
        {
            byte[] damaged = [.. Log];
            var hit = new HashSet<int>();
            foreach ((int at, byte[] bytes, int kind) in wounds)
            {
                int length = Math.Min(kind == 0 ? 1 : bytes.Length, Log.Length - at);
                if (kind == 2)
                    damaged.AsSpan(at, length).Clear(); // blocks that never reached the disk
                else
                    bytes.AsSpan(0, length).CopyTo(damaged.AsSpan(at));
                for (int record = RecordAt(at); record <= RecordAt(at + length - 1); record++)
                    hit.Add(record);
            }

            var read = Sample.Read(damaged).Records.Select(r => r.Octets).ToHashSet();
            for (int i = 0; i < Count; i++)
                Assert.True(hit.Contains(i) || read.Contains((ulong)i), $"lost {i}");
        }, iter: 3_000);

    // The same without checksums, where only the shape of a record can be recognised; damage by junk in between.
    [Fact]
    public void Junk_costs_nothing_without_checksums_either()
    {
        byte[] plain = Sample.Log(Count, LogFields.All & ~LogFields.Crc32);
        int[] starts = Sample.StartsOf(plain);
        Gen.Select(Gen.Int[0, Count - 1], Gen.Byte[0x80, 0xFF].Array[1, 100]).Sample((record, junk) =>
        {
            (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read([.. plain.AsSpan(0, starts[record]), .. junk, .. plain.AsSpan(starts[record])]);
            Assert.Equal(Count, records.Count);
            Assert.Equal(new LogGap(starts[record], junk.Length, LogError.UnsupportedVersion), Assert.Single(gaps));
        }, iter: 500);
    }

    [Fact]
    public void Any_bytes_end_without_an_exception()
        => Gen.Select(Gen.Int[0, Log.Length], Gen.Byte.Array[0, 600]).Sample((keep, tail) =>
        {
            byte[] log = [.. Log.AsSpan(0, keep), .. tail];
            (_, List<LogGap> gaps) = Sample.Read(log);
            Assert.True(gaps.Sum(g => g.Length) <= log.Length);
        }, iter: 2_000);

    // An exporter chooses its addresses. These look like the header of a record without a checksum, as long as from one of these
    // records to the next: who goes on there after damage stays out of step to the end of the log.
    [Fact]
    public void A_false_chain_of_records_inside_the_addresses_is_not_followed()
    {
        FlowRecord record = Sample.Full6 with { Fields = Sample.Full6.Fields & ~LogFields.Tag };
        int length = Sample.Write(record).Length;
        const LogFields inner = LogFields.All & ~(LogFields.Crc32 | Sample.Four);
        byte words = (byte)((length - LogRecord.HeaderLength) / 4);
        record.SourceAddress = Address.FromIPv6(0x6000_0000_0000_0000 | (ulong)words << 48 | (uint)inner, 0);
        byte[] log = [.. Enumerable.Range(0, 20).SelectMany(i => Sample.Write(record with { Octets = (ulong)i }))];
        log[0] = 0;
        log[1] = 0;

        (List<FlowRecord> records, List<LogGap> gaps) = Sample.Read(log);
        Assert.Equal(Enumerable.Range(1, 19).Select(i => (ulong)i), records.Select(r => r.Octets));
        Assert.Equal(length, Assert.Single(gaps).Length);
    }

    [Fact]
    public void A_log_of_version_2_is_refused_by_name()
    {
        var reader = new LogReader(new MemoryStream(Sample.Legacy));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(LogError.LegacyLog, reader.Status);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Reading_a_log_allocates_nothing_per_record()
    {
        byte[] log = Sample.Log(1000);
        using var stream = new MemoryStream(log);
        var reader = new LogReader(stream);
        for (int i = 0; i < 10; i++)
            reader.TryRead(out _);

        Assert.Equal(0, Allocation.Of(() =>
        {
            while (reader.TryRead(out _))
            {
            }
        }));
    }

    [Fact]
    public void Every_error_has_a_text()
    {
        string[] texts = [.. Enum.GetValues<LogError>().Select(LogErrorText.Describe)];
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    private static int RecordAt(int offset) => Array.FindLastIndex(Starts, start => start <= offset);

    private static int End(int record) => record + 1 < Starts.Length ? Starts[record + 1] : Log.Length;

    /// <summary>A stream that hands over a few octets a time.</summary>
    private sealed class Pieces(byte[] log, int piece) : MemoryStream(log)
    {
        public long Taken => Position;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
