using System;
using System.Collections.Generic;
using System.IO;
using CsCheck;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>Records and logs to test with.</summary>
internal static class Sample
{
    public const LogFields Six = LogFields.AgentAddr6 | LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6;
    public const LogFields Four = LogFields.AgentAddr4 | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4;

    /// <summary>Every section, with IPv4 addresses.</summary>
    public static FlowRecord Full4 => new()
    {
        Fields = LogFields.All & ~Six,
        Tag = 7,
        ReceivedSeconds = 0x69000000,
        ReceivedMicroseconds = 1234,
        TcpFlags = 0x1B,
        Protocol = 6,
        TypeOfService = 0x10,
        AgentAddress = Address.FromIPv4(0xC0000201),
        SourceAddress = Address.FromIPv4(0x0A000001),
        DestinationAddress = Address.FromIPv4(0x0A000002),
        GatewayAddress = Address.FromIPv4(0x0A0000FE),
        SourcePort = 443,
        DestinationPort = 50000,
        Packets = 10,
        Octets = 0x1_0000_0000,
        InputInterface = 1,
        OutputInterface = 70000,
        SystemUptime = 3605643,
        ExportSeconds = 0x69000001,
        ExportNanoseconds = 5,
        Version = 9,
        FlowStart = 1000,
        FlowFinish = 2000,
        SourceAs = 64512,
        DestinationAs = 4200000000,
        SourceMask = 24,
        DestinationMask = 16,
        EngineType = 3,
        EngineId = 9,
        Sequence = 77,
        SourceId = 78,
    };

    /// <summary>The same with IPv6 addresses.</summary>
    public static FlowRecord Full6 => Full4 with
    {
        Fields = LogFields.All & ~Four,
        AgentAddress = Address.FromIPv6(0x2001_0DB8_0000_0000, 1),
        SourceAddress = Address.FromIPv6(0x2001_0DB8_0000_0000, 2),
        DestinationAddress = Address.FromIPv6(0x2001_0DB8_0000_0000, 3),
        GatewayAddress = Address.FromIPv6(0xFE80_0000_0000_0000, 4),
    };

    private static readonly Gen<Address> AnyAddress = Gen.OneOf(
        Gen.UInt.Select(Address.FromIPv4),
        Gen.Select(Gen.ULong, Gen.ULong, Address.FromIPv6));

    /// <summary>Any record whose fields fit its addresses, with the checksum that it will have.</summary>
    public static readonly Gen<FlowRecord> Any = Gen.Select(
        Gen.UInt.Array[20], Gen.ULong.Array[2], AnyAddress.Array[4], Gen.UInt, Gen.Bool).Select((n, w, a, fields, isChecked) =>
    {
        var record = new FlowRecord
        {
            Tag = n[0], ReceivedSeconds = n[1], ReceivedMicroseconds = n[2],
            TcpFlags = (byte)(n[3] & 0xFF), Protocol = (byte)(n[4] & 0xFF), TypeOfService = (byte)(n[5] & 0xFF),
            AgentAddress = a[0], SourceAddress = a[1], DestinationAddress = a[2], GatewayAddress = a[3],
            SourcePort = (ushort)(n[6] & 0xFFFF), DestinationPort = (ushort)(n[6] >> 16), Packets = w[0], Octets = w[1],
            InputInterface = n[7], OutputInterface = n[8], SystemUptime = n[9], ExportSeconds = n[10], ExportNanoseconds = n[11],
            Version = (ushort)(n[12] & 0xFFFF), FlowStart = n[13], FlowFinish = n[14], SourceAs = n[15], DestinationAs = n[16],
            SourceMask = (byte)(n[17] & 0xFF), DestinationMask = (byte)(n[17] >> 24), EngineType = (ushort)(n[18] & 0xFFFF),
            EngineId = (ushort)(n[18] >> 16), Sequence = n[19], SourceId = n[0] ^ n[19],
            Fields = (LogFields)fields & LogFields.All & ~LogFields.Crc32 | LogFields.Octets | (isChecked ? LogFields.Crc32 : 0),
        };
        return Stored(record);
    });

    /// <summary>The same with sections of version 3.1, any of them, and elements that have no place.</summary>
    public static readonly Gen<(FlowRecord Record, byte[] Other)> AnyExtended = Gen.Select(
        Any, Gen.UInt, Gen.Byte.Array[256], Gen.Select(Gen.UInt, Gen.UShort, Gen.Byte.Array[0, 40]).Array[0, 9]).Select((record, fields, octets, elements) =>
    {
        LogSections.Table.Get(LogFields.Extended, octets, ref record);
        record.Fields |= (LogFields)fields & LogFields.Extended | LogFields.Other;
        var other = new List<byte>();
        foreach ((uint enterprise, ushort id, byte[] value) in elements)
        {
            var element = new byte[OtherElements.LengthOf(value.Length)];
            OtherElements.Write(element, enterprise, id, value);
            other.AddRange(element);
        }

        return (record, other.ToArray());
    });

    /// <summary>What a reader gets of a record that was written with everything in the mask.</summary>
    public static FlowRecord Stored(FlowRecord record)
    {
        Assert.Equal(LogError.None, LogRecord.TryRead(Write(record), out FlowRecord read, out _));
        return read;
    }

    public static byte[] Write(in FlowRecord record, LogFields mask = LogFields.All, byte[]? other = null)
    {
        var buffer = new byte[LogRecord.MaxLength];
        return buffer[..LogRecord.Write(in record, mask, buffer, other)];
    }

    /// <summary>A log of <paramref name="count"/> records that tell their place by their octet count, all with checksums.</summary>
    public static byte[] Log(int count, LogFields mask = LogFields.All)
    {
        var log = new List<byte>();
        for (int i = 0; i < count; i++)
            log.AddRange(Write((i % 3 == 0 ? Full6 : Full4) with { Octets = (ulong)i }, i % 2 == 0 ? mask : mask & ~LogFields.AgentInfo));
        return [.. log];
    }

    /// <summary>Where its records begin.</summary>
    public static int[] StartsOf(ReadOnlySpan<byte> log)
    {
        var starts = new List<int>();
        for (int at = 0; at < log.Length;)
        {
            starts.Add(at);
            Assert.Equal(LogError.None, LogRecord.TryRead(log[at..], out _, out int length));
            at += length;
        }

        return [.. starts];
    }

    public static (List<FlowRecord> Records, List<LogGap> Gaps) Read(Stream stream)
    {
        var records = new List<FlowRecord>();
        var gaps = new List<LogGap>();
        var reader = new LogReader(stream, gaps.Add);
        while (reader.TryRead(out FlowRecord record))
            records.Add(record);
        Assert.Equal(LogError.EndOfLog, reader.Status);
        Assert.Equal(gaps.Count, reader.Gaps);
        return (records, gaps);
    }

    public static (List<FlowRecord> Records, List<LogGap> Gaps) Read(ReadOnlySpan<byte> log) => Read(new MemoryStream(log.ToArray()));

    /// <summary>A version 2 log: a record with every section and a checksum, one with a tag alone, and the first again.</summary>
    public static byte[] Legacy => [.. LegacyHeader, .. LegacyFull, .. Hex.Parse("00000001 0000002A"), .. LegacyFull];

    private static byte[] LegacyHeader => Hex.Parse("012CF047 00000002 41900000 00000000");

    private static byte[] LegacyFull
    {
        get
        {
            byte[] body = Hex.Parse(
                "4007FAAF 00000007 4190AB00 02111000" +                     // tag; received; flags, protocol, tos
                "C0000207 0A000001 0A010001 0A090909 04000050" +            // addresses, ports
                "0000000000000001 0000000000000000 0001 0002" +             // packets, octets, interfaces
                "05F5E0FF 4190AB00 00000005 00050000 00000000 00000309" +   // agent; start, finish
                "FC00 FDE9 18 10 0000" + "03 04 0000 00000009");            // AS, masks; engine, sequence
            return [.. body, .. LogRecordTests.BigEndian(LogRecordTests.ChecksumOracle(body))];
        }
    }
}
