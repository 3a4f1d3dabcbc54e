using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Hashing;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>What a worker finds in the memory of one that was killed at any moment, or taken over.</summary>
public sealed class StateSaverTests : IDisposable
{
    private const int Length = 64 << 20;
    private const int FirstSnapshotAt = 4096 + 65_536 * 64;
    private const int SnapshotLength = (Length - FirstSnapshotAt) / 2;
    private const int FlushBegunAt = 8;
    private const int FlushDoneAt = 16;

    private static readonly SourceList Everybody = new([]);

    private readonly SafeFileHandle _memory = Descriptors.MemoryFile("test", Length);
    private readonly SystemLog _log = new(LogStyle.Plain, LogLevel.Error);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void A_snapshot_with_the_largest_number_does_not_stop_those_after_it()
    {
        Live(saver => saver.Finish(isAllWritten: true));
        byte[] place = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(place, ulong.MaxValue);
        var checksum = new Crc32();
        checksum.Append(place.AsSpan(0, 12));
        BinaryPrimitives.WriteUInt32BigEndian(place.AsSpan(12), checksum.GetCurrentHashAsUInt32());
        RandomAccess.Write(_memory, place, FirstSnapshotAt);

        Live(saver => saver.Finish(isAllWritten: true));
        Live(saver => saver.Finish(isAllWritten: true));

        Assert.Equal(3ul, Math.Max(ReadNumber(FirstSnapshotAt), ReadNumber(FirstSnapshotAt + SnapshotLength)));
    }

    [Fact]
    public void A_flush_that_was_begun_is_not_done_because_another_worker_starts()
    {
        Live(saver => saver.Finish(isAllWritten: true));
        WriteNumber(FlushBegunAt, 2);
        WriteNumber(FlushDoneAt, 1);
        using var saver = new StateSaver(new DatagramDecoder(new DecodeLimits()), _log);
        saver.Attach(Share(), isSuccessor: true);

        saver.BeginFlush(logLength: -1); // the loop goes round before the log is there
        saver.EndFlush();

        Assert.Equal(1ul, ReadNumber(FlushDoneAt));
    }

    [Fact]
    public void A_worker_that_ends_before_it_has_read_the_state_leaves_it_as_it_was()
    {
        Live(saver => saver.Finish(isAllWritten: false));
        byte[] before = Read();
        using (var saver = new StateSaver(new DatagramDecoder(new DecodeLimits()), _log))
        {
            saver.Attach(Share(), isSuccessor: true);
            saver.Finish(isAllWritten: true);
        }

        Assert.True(Read().AsSpan().SequenceEqual(before));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_taken_over_worker_left_is_no_reason_to_end(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 5; round++)
        {
            byte[] rubbish = new byte[FirstSnapshotAt + 16];
            random.NextBytes(rubbish);
            "flowdst1"u8.CopyTo(rubbish);
            for (int slot = 4096; slot < FirstSnapshotAt; slot += 64)
            {
                BinaryPrimitives.WriteUInt16BigEndian(rubbish.AsSpan(slot + 20), (ushort)random.Next(12));
                rubbish[slot + 23] = (byte)random.Next(4, 7);
            }

            BinaryPrimitives.WriteUInt64BigEndian(rubbish.AsSpan(FlushDoneAt), ulong.MaxValue);
            RandomAccess.Write(_memory, rubbish, 0);

            Live(
                saver =>
                {
                    saver.BeginFlush(logLength: 100);
                    saver.EndFlush();
                    saver.Finish(isAllWritten: true);
                },
                isSuccessor: true);
        }
    }

    private void Live(Action<StateSaver> life, bool isSuccessor = false)
    {
        using var saver = new StateSaver(new DatagramDecoder(new DecodeLimits()), _log);
        saver.Attach(Share(), isSuccessor);
        saver.Load(Everybody, logLength: 0);
        life(saver);
    }

    private SafeFileHandle Share() => new(_memory.DangerousGetHandle(), ownsHandle: false);

    private byte[] Read()
    {
        byte[] octets = new byte[Length];
        Assert.Equal(Length, RandomAccess.Read(_memory, octets, 0));
        return octets;
    }

    private ulong ReadNumber(long offset)
    {
        byte[] octets = new byte[sizeof(ulong)];
        RandomAccess.Read(_memory, octets, offset);
        return BinaryPrimitives.ReadUInt64BigEndian(octets);
    }

    private void WriteNumber(long offset, ulong number)
    {
        byte[] octets = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, number);
        RandomAccess.Write(_memory, octets, offset);
    }
}
