using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Logs that are seen while a write to them is under way, so that they end within a record or a frame for a moment.</summary>
public class GrowingLogTests
{
    private const int Count = 12;

    private static readonly byte[] Plain = Sample.Log(Count);

    public static TheoryData<bool, int> Steps => [(false, 1), (false, 100), (false, 1000), (true, 1), (true, 100), (true, 1000)];

    [Theory, MemberData(nameof(Steps))]
    public void What_comes_of_the_record_at_the_end_is_waited_for(bool isCompressed, int step)
    {
        int[] starts = Sample.StartsOf(Plain);
        byte[] frame = Frame(Plain[..starts[5]]);
        byte[] log = isCompressed ? [.. frame, .. Frame(Plain[starts[5]..])] : Plain;
        int[] ends = isCompressed ? [0, frame.Length, log.Length] : [.. starts, log.Length];
        for (int seen = isCompressed ? LogEncodings.SignatureLength : 1; seen <= log.Length; seen++)
        {
            using var file = new GrowingFile(log, seen, step);
            var gaps = new List<LogGap>();
            var reader = new LogReader(file, gaps.Add, goesOn: file.GoesOn);
            int read = 0;
            while (reader.TryRead(out FlowRecord record))
                Assert.Equal((ulong)read++, record.Octets);

            Assert.Empty(gaps);
            // No further than it must, for the log to end with a record or a frame.
            int whole = Enumerable.Range(0, log.Length).Select(more => seen + more * step).First(end => ends.Contains(end) || end >= log.Length);
            Assert.Equal(Math.Min(whole, log.Length), file.Length);
            Assert.Equal(isCompressed ? (whole == ends[1] ? 5 : Count) : Array.IndexOf(ends, (int)file.Length), read);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_does_not_come_is_damage(bool isCompressed)
    {
        byte[] log = isCompressed ? Frame(Plain) : Plain;
        int asked = 0;
        var gaps = new List<LogGap>();
        var reader = new LogReader(new MemoryStream(log[..^1]), gaps.Add, goesOn: () => ++asked < 0);
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(LogError.Truncated, Assert.Single(gaps).Cause);
        Assert.InRange(asked, 1, 1000);
    }

    private static byte[] Frame(byte[] records)
    {
        using var encoder = new FrameEncoder(3);
        return encoder.Encode(records).ToArray();
    }

    // A file of which only the beginning is there, and some octets more each time that it is asked for.
    private sealed class GrowingFile(byte[] whole, int seen, int step) : MemoryStream
    {
        private int _seen = seen;

        public override long Length => _seen;

        public override bool CanSeek => true;

        public bool GoesOn()
        {
            Assert.True(Position == _seen, "not read to its end");
            bool goesOn = _seen < whole.Length;
            _seen = Math.Min(_seen + step, whole.Length);
            return goesOn;
        }

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int length = (int)Math.Min(buffer.Length, _seen - Position);
            whole.AsSpan((int)Position, length).CopyTo(buffer);
            Position += length;
            return length;
        }
    }
}
