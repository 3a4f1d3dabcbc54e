using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>NetFlow v1, v5 and v7, octet for octet.</summary>
public class FixedFormatTests
{
    private const LogFields Common = LogFields.RecvTime | LogFields.AgentAddr4 | LogFields.AgentInfo | LogFields.Crc32 | LogFields.ProtoFlagsTos
        | LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4 | LogFields.SrcDstPort | LogFields.Packets | LogFields.Octets
        | LogFields.IfIndices | LogFields.FlowTimes | LogFields.FlowTimesAbs | LogFields.Status;

    private static readonly FlowRecord CommonRecord = new()
    {
        Fields = Common,
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
        InputInterface = 1,
        OutputInterface = 2,
        SystemUptime = Wire.Uptime,
        ExportSeconds = Wire.ExportSeconds,
        ExportNanoseconds = 123456789,
        FlowStart = 4096,
        FlowFinish = 8192,
        FlowStartNanoseconds = (Wire.ExportSeconds * 1000ul - Wire.Uptime + 4096) * 1_000_000 + 123456789,
        FlowFinishNanoseconds = (Wire.ExportSeconds * 1000ul - Wire.Uptime + 8192) * 1_000_000 + 123456789,
        Status = new FlowStatus { IpVersion = 4, TcpFlags = 0x1B },
    };

    private static readonly FlowRecord WithRouting = CommonRecord with
    {
        Fields = Common | LogFields.AsInfo | LogFields.FlowEngineInfo,
        SourceAs = 64512,
        DestinationAs = 65001,
        SourceMask = 24,
        DestinationMask = 16,
        Sequence = Wire.Sequence,
    };

    [Fact]
    public void NetFlow1_record()
        => Assert.Equal(CommonRecord with { Version = 1 }, new Collector().Single(Wire.NetFlow1(1, Wire.NetFlow1Record)));

    [Fact]
    public void NetFlow5_record()
        => Assert.Equal(WithRouting with { Version = 5, EngineType = 3, EngineId = 9 }, new Collector().Single(Wire.NetFlow5(1, Wire.NetFlow5Record)));

    [Fact]
    public void NetFlow7_record()
        => Assert.Equal(WithRouting with { Version = 7 }, new Collector().Single(Wire.NetFlow7(1, Wire.NetFlow7Record)));

    // The length of the datagram tells which of the two layouts of version 1 it has.
    [Theory]
    [InlineData("", 48)]
    [InlineData("00000000", 52)]
    public void NetFlow1_records_of_either_length(string tail, int length)
    {
        var collector = new Collector();
        byte[] datagram = Wire.NetFlow1(3, Wire.Repeat(Wire.NetFlow1Record + tail, 3));
        Assert.Equal(16 + 3 * length, datagram.Length);
        Assert.Equal(DecodeError.None, collector.Send(datagram).Error);
        Assert.Equal(3, collector.Batch.Count);
        foreach (FlowRecord record in collector.Batch.Records)
            Assert.Equal(CommonRecord with { Version = 1 }, record);
    }

    [Theory]
    [InlineData(24, DecodeError.None)]
    [InlineData(25, DecodeError.BadCount)]
    public void NetFlow1_holds_24_records(int count, DecodeError expected)
        => Assert.Equal(expected, new Collector().Send(Wire.NetFlow1(count, Wire.Repeat(Wire.NetFlow1Record, count))).Error);

    [Theory]
    [InlineData(30, DecodeError.None)]
    [InlineData(31, DecodeError.BadCount)]
    public void NetFlow5_holds_30_records(int count, DecodeError expected)
        => Assert.Equal(expected, new Collector().Send(Wire.NetFlow5(count, Wire.Repeat(Wire.NetFlow5Record, count))).Error);

    [Theory]
    [InlineData(28, DecodeError.None)]
    [InlineData(29, DecodeError.BadCount)]
    public void NetFlow7_holds_28_records(int count, DecodeError expected)
        => Assert.Equal(expected, new Collector().Send(Wire.NetFlow7(count, Wire.Repeat(Wire.NetFlow7Record, count))).Error);

    [Fact]
    public void An_exporter_with_an_IPv6_address_sets_the_other_bit()
    {
        var collector = new Collector();
        Assert.True(AddressText.TryParse("2001:db8::1", out Address exporter));
        collector.Send(Wire.NetFlow5(1, Wire.NetFlow5Record), exporter);
        Assert.Equal(LogFields.AgentAddr6, collector.Batch.Records[0].Fields & LogFields.AgentAddr);
        Assert.Equal(exporter, collector.Batch.Records[0].AgentAddress);
    }
}
