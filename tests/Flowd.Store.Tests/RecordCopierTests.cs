using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using CsCheck;
using Flowd.Records;
using Flowd.Store;
using Flowd.Store.Copying;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Tests;

/// <summary>Records that go from the wire into the log without being decoded. The decoders' fuzzing holds all of it against what decoding gives.</summary>
public class RecordCopierTests
{
    // All values that an IPv4 flow can have on the wire, in an order of no sense, with some octets between them.
    private static readonly WireLayout Everything = new(
        LogFields.All & ~Sample.Six & ~(LogFields.Tag | LogFields.RecvTime | LogFields.AgentAddr4 | LogFields.AgentInfo), 73,
        [
            new(RecordValue.Octets, 1, 8), new(RecordValue.Protocol, 9, 1), new(RecordValue.DestinationAddress, 10, 4), new(RecordValue.SourcePort, 14, 2),
            new(RecordValue.TypeOfService, 16, 1), new(RecordValue.FlowFinish, 17, 4), new(RecordValue.Packets, 21, 3), new(RecordValue.SourceAs, 24, 4),
            new(RecordValue.TcpFlags, 29, 1), new(RecordValue.GatewayAddress, 30, 4), new(RecordValue.EngineId, 34, 1), new(RecordValue.InputInterface, 35, 2),
            new(RecordValue.SourceAddress, 40, 4), new(RecordValue.DestinationPort, 44, 2), new(RecordValue.OutputInterface, 46, 4), new(RecordValue.FlowStart, 50, 4),
            new(RecordValue.DestinationAs, 54, 2), new(RecordValue.SourceMask, 56, 1), new(RecordValue.EngineType, 57, 1), new(RecordValue.DestinationMask, 72, 1),
        ]);

    private static readonly FlowRecord Message = new()
    {
        Fields = LogFields.RecvTime | LogFields.AgentAddr4 | LogFields.AgentInfo | LogFields.Crc32,
        ReceivedSeconds = 1_700_000_001,
        ReceivedMicroseconds = 250_000,
        AgentAddress = Address.FromIPv4(0xC0000201),
        SystemUptime = 9_600_000,
        ExportSeconds = 1_700_000_000,
        ExportNanoseconds = 5,
        Version = 9,
        Sequence = 77,
        SourceId = 42,
    };

    // Those that this processor has not are not tried.
    public static TheoryData<string> Ways => [.. Enum.GetValues<CopyWay>().Where(static way => way <= CopyWays.Best).Select(static way => way.ToString())];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_value_gets_to_its_place_whatever_is_stored(string way)
        => Gen.Select(Gen.Byte.Array[Everything.Length], Gen.UInt).Sample((wire, bits) => Compare(wire, (LogFields)bits & LogFields.All, way), iter: 20_000);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Many_at_once_are_as_one_by_one(string way)
    {
        byte[][] records = Gen.Byte.Array[Everything.Length].Array[100].Single();

        foreach (LogFields mask in (LogFields[])[LogFields.All, LogFields.SrcDstPort /* shorter than what is copied at once */, LogFields.Octets | LogFields.Crc32])
        {
            for (int count = 1; count <= records.Length; count += 1 + count / 10)
            {
                byte[][] some = records[..count];
                Assert.Equal(some.SelectMany(record => Copied(Everything, mask, record)), Copied(Everything, mask, [.. some.SelectMany(static record => record)], way));
            }
        }
    }

    // Of as many octets as are copied at once, and more, with the first and the last of them in the log.
    [Theory]
    [MemberData(nameof(Ways))]
    public void Records_of_any_length_are_copied(string way)
    {
        for (int length = WireLayout.LeastLength; length <= 200; length++)
        {
            var layout = new WireLayout(LogFields.ProtoFlagsTos | LogFields.Octets, length, [new(RecordValue.Protocol, 0, 1), new(RecordValue.Octets, length - 8, 8)]);
            byte[] wire = Gen.Byte.Array[length * 11].Single();
            FlowRecord right = Message;
            right.Fields |= layout.Fields;
            byte[] log = Copied(layout, LogFields.All, wire, way);
            for (int i = 0; i < 11; i++)
            {
                right.Protocol = wire[i * length];
                right.Octets = ReadUInt64BigEndian(wire.AsSpan((i + 1) * length - 8));
                byte[] one = Written(in right, LogFields.All);
                Assert.Equal(one, log.AsSpan(i * one.Length, one.Length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Addresses_of_IPv6_have_their_sections(string way)
    {
        var layout = new WireLayout(
            LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6, 48,
            [new(RecordValue.GatewayAddress, 0, 16), new(RecordValue.SourceAddress, 16, 16), new(RecordValue.DestinationAddress, 32, 16)]);
        byte[] wire = [.. Enumerable.Range(1, 48).Select(i => (byte)i)];
        FlowRecord right = Message with
        {
            Fields = Message.Fields | layout.Fields,
            GatewayAddress = Address.FromIPv6(wire),
            SourceAddress = Address.FromIPv6(wire.AsSpan(16)),
            DestinationAddress = Address.FromIPv6(wire.AsSpan(32)),
        };

        Assert.Equal(Written(in right, LogFields.All), Copied(layout, LogFields.All, wire, way));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_finds_no_room_is_dropped_and_counted(bool dropsOldest)
    {
        const int limit = 64 * 1024;
        const int sent = 2000;
        using var appender = new LogAppender(LogFields.All, budget: new BufferBudget(limit)) { DropsOldest = dropsOldest };
        for (int i = 0; i < sent; i += 20)
            appender.Append(in Message, Everything, [.. Enumerable.Range(i, 20).SelectMany(Numbered)]);

        string path = Path.GetTempFileName();
        appender.Attach(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite));
        appender.Flush();
        uint[] stored = [.. Sample.Read(File.ReadAllBytes(path)).Records.Select(static record => record.SourceAs)];
        File.Delete(path);

        ulong dropped = appender.Counters.RecordsDropped;
        Assert.Equal(sent, stored.Length + (int)dropped);
        Assert.InRange(stored.Length, (dropsOldest ? limit * 14 / 16 : limit - 300) / 120, limit / 110);
        Assert.Equal(Enumerable.Range(dropsOldest ? sent - stored.Length : 0, stored.Length).Select(static i => (uint)i), stored);
    }

    private static byte[] Numbered(int i)
    {
        byte[] wire = new byte[Everything.Length];
        wire[26] = (byte)(i >> 8);
        wire[27] = (byte)(i & 0xFF);
        return wire;
    }

    private static void Compare(byte[] wire, LogFields mask, string way)
    {
        FlowRecord right = Message;
        right.Fields |= Everything.Fields;
        right.SourceAddress = Address.FromIPv4((uint)Number(wire, RecordValue.SourceAddress));
        right.DestinationAddress = Address.FromIPv4((uint)Number(wire, RecordValue.DestinationAddress));
        right.GatewayAddress = Address.FromIPv4((uint)Number(wire, RecordValue.GatewayAddress));
        right.TcpFlags = (byte)(Number(wire, RecordValue.TcpFlags) & 0xFF);
        right.Protocol = (byte)Number(wire, RecordValue.Protocol);
        right.TypeOfService = (byte)Number(wire, RecordValue.TypeOfService);
        right.SourcePort = (ushort)Number(wire, RecordValue.SourcePort);
        right.DestinationPort = (ushort)Number(wire, RecordValue.DestinationPort);
        right.Packets = Number(wire, RecordValue.Packets);
        right.Octets = Number(wire, RecordValue.Octets);
        right.InputInterface = (uint)Number(wire, RecordValue.InputInterface);
        right.OutputInterface = (uint)Number(wire, RecordValue.OutputInterface);
        right.FlowStart = (uint)Number(wire, RecordValue.FlowStart);
        right.FlowFinish = (uint)Number(wire, RecordValue.FlowFinish);
        right.SourceAs = (uint)Number(wire, RecordValue.SourceAs);
        right.DestinationAs = (uint)Number(wire, RecordValue.DestinationAs);
        right.SourceMask = (byte)Number(wire, RecordValue.SourceMask);
        right.DestinationMask = (byte)Number(wire, RecordValue.DestinationMask);
        right.EngineType = (ushort)Number(wire, RecordValue.EngineType);
        right.EngineId = (ushort)Number(wire, RecordValue.EngineId);

        Assert.Equal(Written(in right, mask), Copied(Everything, mask, wire, way));
    }

    private static ulong Number(byte[] wire, RecordValue value)
    {
        WirePlace place = Everything.Places.Single(place => place.Value == value);
        return wire.AsSpan(place.Offset, place.Length).ToArray().Aggregate(0ul, static (number, octet) => number << 8 | octet);
    }

    private static byte[] Written(in FlowRecord record, LogFields mask)
    {
        byte[] log = new byte[LogRecord.MaxLength];
        return log[..LogRecord.Write(in record, mask, log)];
    }

    private static byte[] Copied(WireLayout layout, LogFields mask, byte[] wire, string way = nameof(CopyWay.Portable))
    {
        RecordCopier copier = new CopierCache(mask, Enum.Parse<CopyWay>(way)).Begin(layout, in Message);
        int length = wire.Length / layout.Length * copier.Length;
        byte[] log = [.. Enumerable.Repeat<byte>(0xEE, length + RecordCopier.Overhang)];
        copier.Copy(wire, log);
        Assert.All(log[length..], static octet => Assert.Equal(0xEE, octet));
        return log[..length];
    }
}
