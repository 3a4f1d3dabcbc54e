using System;
using System.Buffers.Binary;
using CsCheck;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>The bytes of a record by hand, and what is refused.</summary>
public class LogRecordTests
{
    // Everything that precedes the checksum. The checksum itself comes from the bit-wise definition below.
    private const string Full4 =
        "60 1C 0000 4007FAAF" +                  // 3.0, 28 words, no reserved bits, all but the IPv6 forms
        "00000007" + "69000000 000004D2" +       // tag; received
        "1B 06 10 00" +                          // flags, protocol, tos
        "C0000201 0A000001 0A000002 0A0000FE" +  // agent, source, destination, gateway
        "01BB C350" +                            // ports
        "000000000000000A 0000000100000000" +    // packets, octets
        "00000001 00011170" +                    // interfaces
        "0037048B 69000001 00000005 0009 0000" + // agent: uptime, time, version
        "000003E8 000007D0" +                    // start, finish
        "0000FC00 FA56EA00 18 10 0000" +         // AS and masks
        "0003 0009 0000004D 0000004E";           // engine, sequence, source id

    private const string Full6 =
        "60 28 0000 4007FD57" +
        "00000007" + "69000000 000004D2" + "1B 06 10 00" +
        "20010DB8000000000000000000000001 20010DB8000000000000000000000002" +
        "20010DB8000000000000000000000003 FE800000000000000000000000000004" +
        "01BB C350" + "000000000000000A 0000000100000000" + "00000001 00011170" +
        "0037048B 69000001 00000005 0009 0000" + "000003E8 000007D0" + "0000FC00 FA56EA00 18 10 0000" + "0003 0009 0000004D 0000004E";

    [Theory]
    [InlineData(4, Full4)]
    [InlineData(6, Full6)]
    public void Every_section_on_disk(int family, string hex)
    {
        byte[] body = Hex.Parse(hex);
        byte[] expected = [.. body, .. BigEndian(ChecksumOracle(body))];

        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Sample.Write(family == 4 ? Sample.Full4 : Sample.Full6)));
    }

    [Theory]
    [InlineData(LogFields.None, "60000000 00000000")]
    [InlineData(LogFields.Octets, "60020000 00002000 0000000100000000")]
    [InlineData(LogFields.SrcDstPort | LogFields.SrcAddr, "60020000 00000820 0A000001 01BBC350")]
    [InlineData(LogFields.SrcAddr6 | LogFields.Tag, "60010000 00000001 00000007")]
    public void The_mask_decides_what_is_stored(LogFields mask, string hex)
        => Assert.Equal(Convert.ToHexString(Hex.Parse(hex)), Convert.ToHexString(Sample.Write(Sample.Full4, mask)));

    [Fact]
    public void What_the_record_does_not_hold_is_not_stored()
    {
        var record = new FlowRecord { Fields = LogFields.SrcAddr4 | LogFields.SrcAddr6 | LogFields.AgentAddr, SourceAddress = Address.FromIPv4(1) };
        Assert.Equal("600100000000002000000001", Convert.ToHexString(Sample.Write(record)));
    }

    // Written by flowd 0.9.1.
    [Fact]
    public void A_record_of_the_original()
    {
        byte[] wire = Hex.Parse("60050000 400020A0 0A004A88 AC100043 00000000002D9A15 C0139ED8");
        Assert.Equal(LogError.None, LogRecord.TryRead(wire, out FlowRecord record, out _));
        Assert.Equal("10.0.74.136", record.SourceAddress.ToString());
        Assert.Equal("172.16.0.67", record.DestinationAddress.ToString());
        Assert.Equal(2988565u, record.Octets);
        Assert.Equal(0xC0139ED8u, record.Checksum);
    }

    [Fact]
    public void The_checksum_is_that_of_the_definition()
        => Gen.UInt.Array[1, LogRecord.MaxLength / 4].Sample(words =>
        {
            var bytes = new byte[words.Length * 4];
            Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
            Assert.Equal(ChecksumOracle(bytes), LogChecksum.Of(bytes));
        }, iter: 500);

    [Fact]
    public void What_is_written_reads_back()
        => Sample.Any.Sample(record =>
        {
            byte[] wire = Sample.Write(record);
            Assert.Equal(0, wire.Length % 4);
            Assert.True(LogRecord.IsRecord(wire, out int length));
            Assert.Equal(wire.Length, length);
            Assert.Equal(LogError.None, LogRecord.TryRead([.. wire, 0xFF, 0xFF], out FlowRecord read, out int consumed));
            Assert.Equal(wire.Length, consumed);
            Assert.Equal(record, read);
            Assert.Equal(wire, Sample.Write(read));
        }, iter: 2_000);

    [Fact]
    public void The_quick_writer_agrees_with_the_table_of_sections()
        => Gen.Select(Sample.Any, Gen.UInt).Sample((record, mask) =>
        {
            LogFields fields = record.Fields & (LogFields)mask;
            var quick = new byte[LogRecord.MaxLength];
            var table = new byte[LogRecord.MaxLength];
            Assert.Equal(LogSections.Table.Put(fields, in record, table), SectionWriter.Put(fields, in record, quick));
            Assert.Equal(table, quick);
        }, iter: 5_000);

    [Fact]
    public void Every_truncation_is_an_error_and_consumes_nothing()
    {
        foreach (byte[] wire in (byte[][])[Sample.Write(Sample.Full4), Sample.Write(Sample.Full6), Sample.Write(Sample.Full4, LogFields.Octets)])
        {
            Assert.Equal(LogError.EndOfLog, LogRecord.TryRead([], out _, out _));
            for (int length = 1; length < wire.Length; length++)
            {
                Assert.Equal(LogError.Truncated, LogRecord.TryRead(wire.AsSpan(0, length), out FlowRecord record, out int consumed));
                Assert.Equal(0, consumed);
                Assert.Equal(default, record);
            }
        }
    }

    [Theory]
    [InlineData("40010000 00000001 00000007", LogError.UnsupportedVersion)] // major 2
    [InlineData("80010000 00000001 00000007", LogError.UnsupportedVersion)] // major 4
    [InlineData("60010001 00000001 00000007", LogError.ReservedNotZero)]
    [InlineData("60010000 00080001 00000007", LogError.UnknownFields)]
    [InlineData("60010000 80000001 00000007", LogError.UnknownFields)]
    [InlineData("60000000 00000001 00000007", LogError.LengthMismatch)]     // no length, but fields
    [InlineData("60020000 00000001 00000007 00000000", LogError.LengthMismatch)]
    [InlineData("60050000 00000060 0A000001 00000000 00000000 00000000 00000001", LogError.BothFamilies)]
    [InlineData("60020000 40000001 00000007 00000000", LogError.ChecksumMismatch)]
    [InlineData("61000000 00080001 00000007", LogError.LengthMismatch)]     // a higher minor version shorter than what we know of it
    [InlineData("61020000 00000001 00000007 00000000", LogError.LengthMismatch)]
    public void Each_error(string hex, LogError expected)
    {
        Assert.Equal(expected, LogRecord.TryRead(Hex.Parse(hex), out _, out int consumed));
        Assert.Equal(0, consumed);
        Assert.False(LogRecord.IsRecord(Hex.Parse(hex), out int length));
        Assert.Equal(0, length);
    }

    // The tag, 8 octets of something unknown, and a checksum in the last word that covers what is known.
    [Theory]
    [InlineData(0x62)]
    [InlineData(0x7F)]
    public void A_higher_minor_version_is_read_as_far_as_it_is_known(int version)
    {
        byte[] wire = Hex.Parse("60040000 C0000001 00000007 1111111122222222 00000000");
        wire[0] = (byte)version;
        BinaryPrimitives.WriteUInt32BigEndian(wire.AsSpan(20), ChecksumOracle(wire.AsSpan(0, 12)));

        Assert.Equal(LogError.None, LogRecord.TryRead(wire, out FlowRecord record, out int consumed));
        Assert.Equal(24, consumed);
        Assert.Equal(LogFields.Tag | LogFields.Crc32, record.Fields);
        Assert.Equal(7u, record.Tag);

        wire[23] ^= 1;
        Assert.Equal(LogError.ChecksumMismatch, LogRecord.TryRead(wire, out _, out _));
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing()
    {
        FlowRecord record = Sample.Full6;
        var wire = new byte[LogRecord.MaxLength];
        int length = LogRecord.Write(in record, LogFields.All, wire);
        LogRecord.TryRead(wire.AsSpan(0, length), out _, out _);

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                LogRecord.Write(in record, LogFields.All, wire);
                LogRecord.TryRead(wire.AsSpan(0, length), out _, out _);
            }
        }));
    }

    // Bit by bit: polynomial 0xEDB88320, register from 0, no inversion at the end.
    internal static uint ChecksumOracle(ReadOnlySpan<byte> octets)
    {
        uint register = 0;
        foreach (byte octet in octets)
        {
            register ^= octet;
            for (int bit = 0; bit < 8; bit++)
                register = (register & 1) == 0 ? register >> 1 : register >> 1 ^ 0xEDB88320;
        }

        return register;
    }

    internal static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
