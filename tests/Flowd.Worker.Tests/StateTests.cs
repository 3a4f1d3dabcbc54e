using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Records;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>What a worker leaves to the next one: after an end in order, after a kill at any moment, and after somebody has written anything at all.</summary>
public class StateTests
{
    private const int MemoryLength = 64 << 20;
    private const int NoLog = -1;

    private static readonly SourceList Everybody = new([]);
    private static readonly SystemLog Quiet = new(LogStyle.Plain, 0);
    private static readonly Address Someone = Address.FromIPv4(0xC0000201);

    /// <summary>A worker as far as its state goes.</summary>
    private sealed class Life : IDisposable
    {
        private readonly RecordBatch _batch = new(100);

        public Life(SafeFileHandle memory, bool isSuccessor, long logLength = NoLog, SourceList? sources = null)
        {
            Saver = new StateSaver(Decoder, Quiet);
            Saver.Attach(new SafeFileHandle(memory.DangerousGetHandle(), ownsHandle: false), isSuccessor);
            Saver.Load(sources ?? Everybody, logLength);
        }

        public DatagramDecoder Decoder { get; } = new(new DecodeLimits());

        public StateSaver Saver { get; }

        public DecodeResult Receive(byte[] datagram, Address? from = null)
        {
            _batch.Clear();
            return Decoder.Decode(datagram, new DatagramOrigin(from ?? Someone, 1_763_900_000, 0), _batch);
        }

        public void Flush(long logLength = NoLog)
        {
            Saver.BeginFlush(logLength);
            Saver.EndFlush();
        }

        public void Dispose() => Saver.Dispose();
    }

    private static SafeFileHandle Memory() => Descriptors.MemoryFile("test", MemoryLength);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Templates_are_there_after_a_kill_and_after_an_end_in_order(bool inOrder)
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            Assert.Equal(DecodeError.None, first.Receive(Exports.NetFlow9).Error);
            first.Saver.SaveIfDue(Environment.TickCount64);
            if (inOrder)
                first.Saver.Finish(isAllWritten: true);
        }

        using var second = new Life(memory, isSuccessor: !inOrder);
        Assert.Equal(1ul, (ulong)second.Decoder.Exporters.Count);
        Assert.NotEqual(DecodeError.UnknownTemplate, second.Receive(Exports.NetFlow9Data).Error);
        using var stranger = new Life(Memory(), isSuccessor: false);
        Assert.Equal(DecodeError.UnknownTemplate, stranger.Receive(Exports.NetFlow9Data).Error); // so the test can fail
    }

    [Fact]
    public void Who_may_not_send_any_more_is_not_taken_over()
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            first.Receive(Exports.NetFlow9);
            first.Flush();
            first.Saver.Finish(isAllWritten: true);
        }

        using var second = new Life(memory, isSuccessor: false, sources: new SourceList([new Prefix(Address.FromIPv4(0x0A000000), 8)]));
        Assert.Equal(0, second.Decoder.Exporters.Count);
    }

    [Theory]
    [InlineData(true, true, 11u)]   // the monitor's memory, and the worker died
    [InlineData(true, false, 11u)]
    [InlineData(false, true, 0u)]   // a file that was written while the worker went on is behind
    [InlineData(false, false, 11u)] // a file of the end
    public void Places_are_believed_where_they_are_of_the_last_moment(bool isSuccessor, bool wasKilled, uint missing)
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            first.Receive(Exports.Numbered(100));
            first.Flush();
            if (!wasKilled)
                first.Saver.Finish(isAllWritten: true);
        }

        using var second = new Life(memory, isSuccessor);
        Assert.Equal(missing, second.Receive(Exports.Numbered(112)).Missing);
    }

    [Theory]
    [InlineData(8)]         // flush begun
    [InlineData(4096 + 11)] // the number of the first slot
    public void Damaged_places_of_a_file_are_ignored(int where)
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            first.Receive(Exports.Numbered(100));
            first.Flush();
            first.Saver.Finish(isAllWritten: true);
        }

        using (var shared = new SharedMemory(new SafeFileHandle(memory.DangerousGetHandle(), ownsHandle: false), MemoryLength))
            shared.Octets[where] ^= 1;
        using var second = new Life(memory, isSuccessor: false);
        Assert.Equal(0u, second.Receive(Exports.Numbered(112)).Missing);
    }

    [Fact]
    public void What_was_lost_before_is_not_forgotten_by_a_successor()
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            first.Receive(Exports.Numbered(1));
            first.Receive(Exports.Numbered(8)); // 2 to 7 are missing
            first.Flush();
            first.Receive(Exports.Numbered(9)); // taken, but never in the log
        }

        using var second = new Life(memory, isSuccessor: true);
        Assert.Equal(1u, second.Receive(Exports.Numbered(10)).Missing);
        Assert.Equal(7ul, second.Decoder.Exporters.ByUse.Single().Streams.Single().Lost);
    }

    // The model: a stream is where it was at the last flush that was done; the length of the log tells of the one in progress.
    [Fact]
    public void A_kill_at_any_step_leaves_the_place_that_the_log_has()
        => Gen.Select(Gen.Int[0, 5].Array[1, 40], Gen.Int[0, 2], Gen.Int[0, 2]).Sample(
            (steps, streams, end) =>
            {
                using SafeFileHandle memory = Memory();
                Address[] exporters = [.. Enumerable.Range(0, streams + 1).Select(i => Address.FromIPv4(0x0A000001 + (uint)i))];
                var reached = new Dictionary<Address, uint>();
                var inLog = new Dictionary<Address, uint>();
                long log = 1000;
                using (var first = new Life(memory, isSuccessor: false))
                {
                    uint sequence = 1;
                    foreach (int step in steps)
                    {
                        Address exporter = exporters[step % exporters.Length];
                        if (step < 4)
                        {
                            first.Receive(Exports.Numbered(sequence), exporter);
                            reached[exporter] = ++sequence;
                            continue;
                        }

                        first.Saver.BeginFlush(log + 100);
                        if (step == 5) // the disk is full: nothing was written, and it is tried again later
                            continue;
                        log += 100;
                        first.Saver.EndFlush();
                        inLog = new Dictionary<Address, uint>(reached);
                    }

                    // Killed: outside of a flush, in one before the log has it, in one after the log has it.
                    if (end > 0)
                        first.Saver.BeginFlush(log + 100);
                    if (end == 2 && steps.Any(step => step < 4))
                        (log, inLog) = (log + 100, reached);
                }

                using var second = new Life(memory, isSuccessor: true, logLength: log);
                Dictionary<Address, uint> restored = second.Decoder.Exporters.ByUse.SelectMany(exporter => exporter.Streams)
                    .ToDictionary(stream => stream.Exporter.Address, stream => stream.NextSequence);
                return restored.OrderBy(p => p.Key.Low).SequenceEqual(inLog.OrderBy(p => p.Key.Low));
            },
            iter: 300);

    [Fact]
    public void A_snapshot_that_is_half_written_leaves_the_one_before_it()
    {
        using SafeFileHandle memory = Memory();
        using (var first = new Life(memory, isSuccessor: false))
        {
            first.Receive(Exports.NetFlow9);
            first.Saver.SaveIfDue(Environment.TickCount64);
            first.Receive(Exports.Ipfix);
            first.Saver.Finish(isAllWritten: true);
        }

        using var shared = new SharedMemory(new SafeFileHandle(memory.DangerousGetHandle(), ownsHandle: false), MemoryLength);
        int places = 4096 + PositionTable.Length;
        int second = places; // the first snapshot has number 1 and stands in the second place
        shared.Octets[second + 40] ^= 1;

        using var next = new Life(memory, isSuccessor: true);
        Assert.NotEqual(DecodeError.UnknownTemplate, next.Receive(Exports.NetFlow9Data).Error);
    }

    [Fact]
    public void Nothing_that_can_stand_in_the_memory_does_harm()
        => Gen.Select(Gen.Byte.Array[1, 4000], Gen.Int[0, 3]).Sample(
            (octets, where) =>
            {
                using SafeFileHandle memory = Memory();
                using (var first = new Life(memory, isSuccessor: false))
                {
                    first.Receive(Exports.NetFlow9);
                    first.Receive(Exports.Numbered(5));
                    first.Flush();
                    first.Saver.Finish(isAllWritten: true);
                }

                using (var shared = new SharedMemory(new SafeFileHandle(memory.DangerousGetHandle(), ownsHandle: false), MemoryLength))
                {
                    int halves = 4096 + PositionTable.Length;
                    int[] places = [8, 4096, halves, halves + (MemoryLength - halves) / 2];
                    octets.CopyTo(shared.Octets[places[where]..]);
                }

                using var next = new Life(memory, isSuccessor: true, logLength: 1);
                next.Receive(Exports.Numbered(6));
                next.Receive(Exports.NetFlow9Data);
                next.Flush();
                next.Saver.Finish(isAllWritten: true);
            },
            iter: 200);

    [Fact]
    public void More_streams_than_slots_are_followed_all_the_same()
    {
        using SafeFileHandle memory = Memory();
        using var life = new Life(memory, isSuccessor: false);
        for (uint i = 0; i < 70_000; i++)
        {
            life.Receive(Exports.Numbered(1), Address.FromIPv4(0x0A000000 + i));
            if (i % 1000 == 0)
                life.Flush();
        }

        Assert.Equal(1u, life.Receive(Exports.Numbered(3), Address.FromIPv4(0x0A000000 + 69_999)).Missing);
    }
}
