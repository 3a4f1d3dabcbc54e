using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Flowd.Platform;
using Flowd.Receive.Sessions;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>However a stream is cut, the same messages come out of it; and what stands before them comes through as it was.</summary>
public class MessageFramingTests
{
    private static readonly Gen<byte[]> Message = Gen.Byte.Array[12, 400].Select(rest => (byte[])[0, 10, (byte)((rest.Length + 4) >> 8), (byte)((rest.Length + 4) & 0xFF), .. rest]);

    [Fact]
    public void Messages_come_out_as_they_went_in()
        => Gen.Select(Message.Array[0, 8], Gen.Int[1, 50]).Sample((messages, piece) =>
        {
            byte[] all = [.. messages.SelectMany(octets => octets)];
            (List<byte[]> found, SessionEnd error, int left) = Read(Cut(all, piece));
            Assert.Equal((SessionEnd.None, 0), (error, left));
            Assert.Equal(messages, found);
        });

    [Fact]
    public void Whatever_comes_every_octet_is_taken_once_and_in_order()
        => Gen.Select(Message.Array[0, 4], Gen.Byte.Array[0, 40], Gen.Int[1, 50]).Sample((messages, rest, piece) =>
        {
            byte[] all = [.. messages.SelectMany(octets => octets), .. rest];
            (List<byte[]> found, SessionEnd error, int left) = Read(Cut(all, piece));
            Assert.True(found.Count >= messages.Length);
            Assert.Equal(all[..^left], found.SelectMany(octets => octets));
            Assert.True(error != SessionEnd.None || left < 4 || left < (all[^left..][2] << 8 | all[^left..][3]));
        });

    [Theory]
    [InlineData("", SessionEnd.None)]
    [InlineData("00", SessionEnd.None)]
    [InlineData("000A", SessionEnd.None)]
    [InlineData("000A00", SessionEnd.None)]
    [InlineData("000A0010", SessionEnd.None)]
    [InlineData("000AFFFF", SessionEnd.None)]
    [InlineData("01", SessionEnd.BadVersion)]
    [InlineData("0009", SessionEnd.BadVersion)]
    [InlineData("000B0010", SessionEnd.BadVersion)]
    [InlineData("000A0000", SessionEnd.BadLength)]
    [InlineData("000A000F", SessionEnd.BadLength)]
    public void Beginnings(string octets, SessionEnd expected)
    {
        var received = new ReadOnlySequence<byte>(Convert.FromHexString(octets));
        Assert.False(MessageFraming.TryTake(ref received, out _, out SessionEnd error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Events_come_back_as_they_were()
        => Gen.Select(Gen.Enum<SessionEventKind>(), Gen.Enum<SessionEnd>(), Gen.ULong, Gen.UInt, Gen.UShort, Gen.Bool).Sample((kind, end, number, open, port, isIPv6) =>
        {
            Address address = isIPv6 ? Address.FromIPv6(number, open) : Address.FromIPv4(open);
            var told = new SessionEvent(kind, end, number, open, new Endpoint(address, port));
            byte[] wire = new byte[SessionEvent.Length];
            told.Write(wire);
            Assert.True(SessionEvent.TryRead(wire, out SessionEvent heard));
            Assert.Equal(told, heard);
        });

    [Fact]
    public void Nonsense_is_no_event()
        => Gen.Byte.Array[0, 60].Sample(octets =>
        {
            bool isPlausible = octets.Length >= SessionEvent.Length && octets[0] is >= 1 and <= 5 && octets[1] <= (int)SessionEnd.Dismissed && octets[2] is 0 or 4 or 6;
            Assert.True(isPlausible || !SessionEvent.TryRead(octets, out _));
        });

    [Fact]
    public void Every_reason_has_words()
        => Assert.All(Enum.GetValues<SessionEnd>().Skip(1), end => Assert.NotEqual(end.ToString(), SessionEndText.Describe(end)));

    private static (List<byte[]> Messages, SessionEnd Error, int Left) Read(ReadOnlySequence<byte> received)
    {
        var messages = new List<byte[]>();
        SessionEnd error;
        while (MessageFraming.TryTake(ref received, out ReadOnlySequence<byte> message, out error))
            messages.Add(message.ToArray());
        return (messages, error, (int)received.Length);
    }

    private static ReadOnlySequence<byte> Cut(byte[] octets, int piece)
    {
        Segment first = new([], null), last = first;
        foreach (byte[] part in octets.Chunk(piece))
            last = new Segment(part, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, Segment? before)
        {
            Memory = octets;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
