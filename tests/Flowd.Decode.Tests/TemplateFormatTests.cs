using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>NetFlow v9 and IPFIX, octet for octet.</summary>
public class TemplateFormatTests
{
    private const LogFields Always = LogFields.RecvTime | LogFields.AgentAddr4 | LogFields.AgentInfo | LogFields.Crc32 | LogFields.FlowEngineInfo;

    private static readonly string FullTemplate = Wire.Template(256, (8, 4), (12, 4), (15, 4), (10, 4), (14, 2), (2, 8), (1, 4), (22, 4), (21, 4),
        (7, 2), (11, 2), (6, 1), (4, 1), (5, 1), (9, 1), (13, 1), (16, 4), (17, 2), (38, 1), (39, 1));

    private const string FullRecord = """
        0A000001 0A000002 0A0000FE 00010001 0002 0000000000000003 000000B4 00001000 00002000
        0400 01BB 1B 06 10 18 10 00010000 FDE9 03 09
        """;

    private static readonly FlowRecord Full = new()
    {
        Fields = Always | LogFields.ProtoFlagsTos | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4 | LogFields.SrcDstPort
            | LogFields.Packets | LogFields.Octets | LogFields.IfIndices | LogFields.FlowTimes | LogFields.AsInfo | LogFields.Status,
        Status = new FlowStatus { TcpFlags = 0x1B },
        ReceivedSeconds = 1_700_000_001,
        ReceivedMicroseconds = 250_000,
        AgentAddress = Collector.Someone,
        TcpFlags = 0x1B,
        Protocol = 6,
        TypeOfService = 0x10,
        SourceAddress = Address.FromIPv4(0x0A000001),
        DestinationAddress = Address.FromIPv4(0x0A000002),
        GatewayAddress = Address.FromIPv4(0x0A0000FE),
        SourcePort = 1024,
        DestinationPort = 443,
        Packets = 3,
        Octets = 180,
        InputInterface = 0x10001,
        OutputInterface = 2,
        ExportSeconds = Wire.ExportSeconds,
        FlowStart = 4096,
        FlowFinish = 8192,
        SourceAs = 65536,
        DestinationAs = 65001,
        SourceMask = 24,
        DestinationMask = 16,
        EngineType = 3,
        EngineId = 9,
        Sequence = Wire.Sequence,
        SourceId = 42,
    };

    [Fact]
    public void NetFlow9_record()
        => Assert.Equal(Full with
            {
                Fields = Full.Fields | LogFields.FlowTimesAbs,
                Version = 9,
                SystemUptime = Wire.Uptime,
                FlowStartNanoseconds = (Wire.ExportSeconds * 1000ul - Wire.Uptime + 4096) * 1_000_000,
                FlowFinishNanoseconds = (Wire.ExportSeconds * 1000ul - Wire.Uptime + 8192) * 1_000_000,
            },
            new Collector().Single(Wire.NetFlow9(2, Wire.Set(0, FullTemplate), Wire.Set(256, FullRecord, "0000"))));

    [Fact]
    public void Ipfix_record()
        => Assert.Equal(Full with { Version = 10 }, new Collector().Single(Wire.Ipfix(Wire.Set(2, FullTemplate), Wire.Set(256, FullRecord, "0000"))));

    [Fact]
    public void Ipfix_record_with_IPv6()
    {
        string template = Wire.Template(257, (27, 16), (28, 16), (62, 16), (29, 1), (30, 1));
        FlowRecord record = new Collector().Single(Wire.Ipfix(Wire.Set(2, template),
            Wire.Set(257, "20010DB8000000000000000000000001 20010DB8000000000000000000000002 20010DB80000000000000000000000FE 40 30")));
        Assert.Equal(Always | LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6 | LogFields.AsInfo, record.Fields);
        Assert.Equal("2001:db8::1", record.SourceAddress.ToString());
        Assert.Equal("2001:db8::2", record.DestinationAddress.ToString());
        Assert.Equal("2001:db8::fe", record.GatewayAddress.ToString());
        Assert.Equal((64, 48), (record.SourceMask, record.DestinationMask));
    }

    // Whatever stands before, between and behind variable fields must not be shifted by them. Short and long forms of the length.
    [Theory]
    [InlineData("00", "00")]
    [InlineData("03 414243", "FF0003 414243")]
    [InlineData("FF0000", "01 00")]
    public void Fields_around_variable_lengths(string first, string second)
    {
        string template = Wire.Template(256, (8, 4), (82, 0xFFFF), (12, 4), (4, 1), (96, 0xFFFF), (7, 2));
        var collector = new Collector();
        collector.Send(Wire.Ipfix(Wire.Set(2, template), Wire.Set(256, Wire.Repeat($"0A000001 {first} 0A000002 11 {second} 0035", 2))));
        Assert.Equal(2, collector.Batch.Count);
        foreach (FlowRecord record in collector.Batch.Records)
        {
            Assert.Equal("10.0.0.1 10.0.0.2", $"{record.SourceAddress} {record.DestinationAddress}");
            Assert.Equal((17, 53), (record.Protocol, record.SourcePort));
        }
    }

    [Theory]
    [InlineData(1, 3, "01E240", 123456ul)]
    [InlineData(1, 8, "FFFFFFFFFFFFFFFF", ulong.MaxValue)]
    [InlineData(85, 5, "000001E240", 123456ul)]
    public void Counters_of_any_width(int element, int length, string value, ulong expected)
        => Assert.Equal(expected, new Collector().Single(Wire.Ipfix(Wire.Set(2, Wire.Template(256, (element, length))), Wire.Set(256, value))).Octets);

    // RFC 7125: exporters send 16 bits.
    [Fact]
    public void Tcp_flags_of_two_octets_keep_the_low_eight()
        => Assert.Equal(0x1B, new Collector().Single(Wire.Ipfix(Wire.Set(2, Wire.Template(256, (6, 2))), Wire.Set(256, "011B"))).TcpFlags);

    [Theory]
    [InlineData("0000000000000007 0000000000000009", 9ul)] // a delta, wherever it stands, beats a total
    public void Delta_counters_beat_totals(string values, ulong expected)
        => Assert.Equal(expected,
            new Collector().Single(Wire.Ipfix(Wire.Set(2, Wire.Template(256, (85, 8), (1, 8))), Wire.Set(256, values))).Octets);

    [Theory]
    [InlineData(180, 181)]
    [InlineData(182, 183)]
    public void Ports_of_one_protocol(int source, int destination)
    {
        FlowRecord record = new Collector().Single(Wire.Ipfix(Wire.Set(2, Wire.Template(256, (source, 2), (destination, 2))), Wire.Set(256, "04D2 0035")));
        Assert.Equal((1234, 53), (record.SourcePort, record.DestinationPort));
    }

    // Inner headers of tunnels come later under the same numbers.
    [Fact]
    public void The_first_of_two_equal_elements_counts()
        => Assert.Equal("10.0.0.1", new Collector()
            .Single(Wire.Ipfix(Wire.Set(2, Wire.Template(256, (8, 4), (8, 4))), Wire.Set(256, "0A000001 0A000002"))).SourceAddress.ToString());

    private const string Zero6 = "00000000000000000000000000000000";
    private const string Some6 = "20010DB8000000000000000000000001";

    [Theory]
    [InlineData("04", "0A000001", Some6, "10.0.0.1")]
    [InlineData("06", "0A000001", Some6, "2001:db8::1")]
    [InlineData("00", "0A000001", Zero6, "10.0.0.1")]
    [InlineData("00", "00000000", Some6, "2001:db8::1")]
    [InlineData("00", "00000000", Zero6, "0.0.0.0")]
    public void Of_two_families_one_is_stored(string version, string v4, string v6, string expected)
    {
        string template = Wire.Template(256, (60, 1), (8, 4), (27, 16), (12, 4), (28, 16), (15, 4), (62, 16), (9, 1), (29, 1));
        FlowRecord record = new Collector().Single(Wire.Ipfix(Wire.Set(2, template), Wire.Set(256, version, v4, v6, v4, v6, v4, v6, "18 40")));
        Assert.Equal([expected, expected, expected], [record.SourceAddress.ToString(), record.DestinationAddress.ToString(), record.GatewayAddress.ToString()]);
        bool is6 = record.SourceAddress.Family == AddressFamily.IPv6;
        Assert.Equal(is6 ? LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6 : LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4,
            record.Fields & (LogFields.SrcDstAddr | LogFields.GatewayAddr));
        Assert.Equal(is6 ? 64 : 24, record.SourceMask);
    }

    // SRv6: the outer header is of IPv6, the inner of IPv4.
    [Theory]
    [InlineData(27, 16, Some6, 8, 4, "0A000001", "2001:db8::1")]
    [InlineData(8, 4, "0A000001", 27, 16, Some6, "10.0.0.1")]
    public void Of_the_headers_of_a_tunnel_the_outer_is_stored(int outer, int outerLength, string outerValue, int inner, int innerLength, string innerValue, string expected)
        => Assert.Equal(expected, new Collector().Single(Wire.Ipfix(
            Wire.Set(2, Wire.Template(256, (outer, outerLength), (inner, innerLength))), Wire.Set(256, outerValue, innerValue))).SourceAddress.ToString());

    [Fact]
    public void The_spaces_of_the_two_versions_are_separate()
    {
        var collector = new Collector();
        collector.Send(Wire.NetFlow9(1, Wire.Set(0, Wire.SmallTemplate)));
        Assert.Equal(DecodeError.UnknownTemplate, collector.Send(Wire.Ipfix(Wire.Set(256, Wire.SmallRecord))).Error);
        Assert.Equal(DecodeError.None, collector.Send(Wire.NetFlow9(1, Wire.Set(256, Wire.SmallRecord))).Error);
    }

    [Fact]
    public void Domains_are_separate()
    {
        var collector = new Collector();
        string set = Wire.Set(2, Wire.SmallTemplate);
        collector.Send(Wire.IpfixOf(1, 16 + set.Length / 2, set));
        string data = Wire.Set(256, Wire.SmallRecord);
        DecodeResult result = collector.Send(Wire.IpfixOf(2, 29, data));
        Assert.Equal((DecodeError.UnknownTemplate, 10, 2u), (result.Error, result.Version, result.Domain));
        Assert.Equal(DecodeError.None, collector.Send(Wire.IpfixOf(1, 29, data)).Error);
    }
}
