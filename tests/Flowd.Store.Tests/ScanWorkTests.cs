using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>What finding the way after damage costs, counted in looks for a record: in proportion to the length of the log, whatever is in it.</summary>
public class ScanWorkTests
{
    private const int Length = 200_000;
    private const int MostLooksAnOctet = 10;

    private static readonly Dictionary<string, Func<int, byte[]>> Logs = new()
    {
        ["sound"] = static n => Repeat(Sample.Log(100), n),
        ["zeros"] = static n => new byte[n],
        ["random"] = Noise,
        ["first octets of records"] = static n => Repeat([0x60], n),
        ["empty records"] = static n => Repeat(Hex.Parse("6000000000000000"), n),
        ["newer records of any length"] = static n => Repeat(Hex.Parse("61FF0000"), n),
        ["every record damaged"] = static n => Repeat(Damage(Sample.Log(100), static (log, start) => log[start + 40] ^= 1), n),
        ["every header damaged"] = static n => Repeat(Damage(Sample.Log(100), static (log, start) => log[start] ^= 0x80), n),
        ["every other header damaged"] = static n => Repeat([.. Sample.Write(Sample.Full4), .. Sample.Write(Sample.Full6).AsSpan(1)], n),
        ["short chains with checksums"] = static n => Repeat([.. Chain(60, LogFields.Tag | LogFields.Crc32), 0], n),
        ["short chains without"] = static n => Repeat([.. Chain(80, LogFields.Tag), 0], n),
        ["every other record damaged"] = static n => Repeat([.. Sample.Write(Sample.Full4), .. Damage(Sample.Write(Sample.Full6), static (log, start) => log[start + 40] ^= 1)], n),
        ["chains in chains"] = static n => Repeat([0xFF, .. Enumerable.Repeat(Hex.Parse("60020000 00001000"), 120).SelectMany(h => h)], n),
        ["chains in chains with checksums"] = static n => Repeat([0xFF, .. Sample.Write(Sample.Full4), 0xFF, .. Chain(60, LogFields.Crc32)], n),
        ["chains in damaged records"] = static n => Repeat([.. Hex.Parse("61FF0000 60000000"), .. Chain(84, LogFields.Crc32), .. new byte[12], .. Sample.Write(Sample.Full4)], n),
        ["long records in long records"] = static n => Repeat([0xFF, .. Enumerable.Repeat(Hex.Parse("6027 0000 4007FABE"), 150).SelectMany(h => h)], n),
        ["long chains behind records with checksums"] = static n =>
            Repeat([.. Sample.Log(3), 0xFF, .. Chain(84, LogFields.Tag), .. Sample.Write(Sample.Full4), 0xFF, .. Chain(84, LogFields.Tag), 0xFF], n),
    };

    public static TheoryData<string> Names => [.. Logs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_work_is_in_proportion_to_the_log(string name)
    {
        long once = Looks(Logs[name](Length));
        long twice = Looks(Logs[name](2 * Length));

        Assert.InRange(once, 1, (long)MostLooksAnOctet * Length);
        Assert.InRange(twice, once, 2.2 * once + 100_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {(double)twice / (2 * Length):F2} looks an octet");
    }

    // What the bound above is worth: a scanner that goes back to look at everything again from each start would break it.
    private static long Looks(byte[] log)
    {
        long looks = 0;
        RecordFormat counting = RecordFormat.Three with
        {
            HasLayouts = false, // which would spare sound records a look
            Check = (ReadOnlySpan<byte> source, out int length) =>
            {
                looks++;
                return RecordFormat.Three.Check(source, out length);
            },
        };
        using var stream = new CountingStream(log);
        var scanner = new RecordScanner(stream, counting, 0, onGap: null);
        while (scanner.TryRead(out _))
        {
        }

        Assert.Equal(log.Length, scanner.Offset);
        Assert.Equal(log.Length, stream.Taken);
        return looks;
    }

    private static byte[] Repeat(byte[] pattern, int length) => [.. Enumerable.Range(0, length).Select(i => pattern[i % pattern.Length])];

    private static byte[] Chain(int count, LogFields mask) => [.. Enumerable.Repeat(Sample.Write(Sample.Full4, mask), count).SelectMany(record => record)];

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Damage(byte[] log, Action<byte[], int> damage)
    {
        for (int at = 0, length; at < log.Length; at += length)
        {
            Assert.True(LogRecord.IsRecord(log.AsSpan(at), out length));
            damage(log, at);
        }

        return log;
    }

    /// <summary>Counts what is read of it; nothing is read twice.</summary>
    private sealed class CountingStream(byte[] log) : MemoryStream(log)
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
