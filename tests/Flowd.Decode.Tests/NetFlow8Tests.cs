using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;
using static Flowd.Tests.Wire;

namespace Flowd.Tests;

/// <summary>NetFlow version 8: flows that a router has added up, in fourteen ways. What tshark says of the same octets is the expectation.</summary>
public class NetFlow8Tests
{
    private const string Sums = "00000005 00000007 00000384 00001000 00002000";

    [Theory]
    [InlineData(1, Sums + "FC00 FDE9 0001 0002", "as 64512>65001 if 1>2")]
    [InlineData(2, Sums + "06 00 0000 0400 01BB", "proto 6 :1024>:443")]
    [InlineData(3, Sums + "0A000000 18 00 FC00 0001 0000", "10.0.0.0/24 as 64512>0 if 1>0")]
    [InlineData(4, Sums + "0A010000 10 00 FDE9 0002 0000", ">10.1.0.0/16 as 0>65001 if 0>2")]
    [InlineData(5, Sums + "0A000000 0A010000 18 10 0000 FC00 FDE9 0001 0002", "10.0.0.0/24>10.1.0.0/16 as 64512>65001 if 1>2")]
    [InlineData(6, "0A010001 00000007 00000384 00001000 00002000 0002 20 00 00000000 0A0A0A0A", ">10.1.0.1 tos 32 if 0>2")]
    [InlineData(7, "0A010001 0A000001 00000007 00000384 00001000 00002000 0002 0001 20 00 0000 00000000 0A0A0A0A", "10.0.0.1>10.1.0.1 tos 32 if 1>2")]
    [InlineData(8, "0A010001 0A000001 01BB 0400 00000007 00000384 00001000 00002000 0002 0001 20 06 00 00 00000000 0A0A0A0A", "10.0.0.1>10.1.0.1 proto 6 tos 32 :1024>:443 if 1>2")]
    [InlineData(9, Sums + "FC00 FDE9 0001 0002 20 00 0000", "tos 32 as 64512>65001 if 1>2")]
    [InlineData(10, Sums + "06 20 0000 0400 01BB 0001 0002", "proto 6 tos 32 :1024>:443 if 1>2")]
    [InlineData(11, Sums + "0A000000 18 20 FC00 0001 0000", "10.0.0.0/24 tos 32 as 64512>0 if 1>0")]
    [InlineData(12, Sums + "0A010000 10 20 FDE9 0002 0000", ">10.1.0.0/16 tos 32 as 0>65001 if 0>2")]
    [InlineData(13, Sums + "0A000000 0A010000 18 10 20 00 FC00 FDE9 0001 0002", "10.0.0.0/24>10.1.0.0/16 tos 32 as 64512>65001 if 1>2")]
    [InlineData(14, Sums + "0A000000 0A010000 18 10 20 06 0400 01BB 0001 0002", "10.0.0.0/24>10.1.0.0/16 proto 6 tos 32 :1024>:443 if 1>2")]
    public void Every_aggregation_has_its_layout(int aggregation, string record, string expected)
    {
        FlowRecord read = new Collector().Single(NetFlow8(1, aggregation, record));

        Assert.Equal(expected, Text(in read));
        Assert.Equal((7ul, 900ul, 0x1000u, 0x2000u), (read.Packets, read.Octets, read.FlowStart, read.FlowFinish));
        Assert.Equal((3, 9, Sequence, 8), (read.EngineType, read.EngineId, read.Sequence, read.Version));
        Assert.True((read.Fields & LogFields.FlowTimesAbs) != 0);
    }

    [Fact]
    public void Each_aggregation_numbers_its_own_flows()
    {
        var collector = new Collector();
        collector.Send(NetFlow8(2, 1, Sums + "FC00 FDE9 0001 0002", Sums + "FC00 FDE9 0001 0002"));
        collector.Send(NetFlow8(1, 2, Sums + "06 00 0000 0400 01BB"));
        Assert.Equal(2, collector.Decoder.Exporters.StreamCount);
        ExportStream stream = collector.Decoder.Exporters.ByUse.Single().Streams.Last();
        Assert.Equal((0x10309u, SequenceUnit.Flows, Sequence + 2, 2ul), (stream.Domain, stream.Unit, stream.NextSequence, stream.Records));
    }

    [Theory]
    [InlineData(0, 1, 28, DecodeError.BadCount)]
    [InlineData(1, 0, 28, DecodeError.UnknownVersion)]
    [InlineData(1, 15, 28, DecodeError.UnknownVersion)]
    [InlineData(2, 1, 55, DecodeError.LengthMismatch)]
    [InlineData(65535, 1, 56, DecodeError.LengthMismatch)]
    [InlineData(1, 1, 29, DecodeError.TrailingOctets)]
    public void Bad_datagrams_are_counted(int count, int aggregation, int octets, DecodeError expected)
    {
        var collector = new Collector();
        Assert.Equal(expected, collector.Send(NetFlow8(count, aggregation, Repeat("00", octets))).Error);
        Assert.Equal(expected == DecodeError.TrailingOctets ? 1 : 0, collector.Batch.Count);
    }

    [Fact]
    public void A_cut_header_is_truncated()
    {
        byte[] whole = NetFlow8(1, 1, Sums + "FC00 FDE9 0001 0002");
        for (int length = 2; length < 28; length++)
            Assert.Equal(DecodeError.Truncated, new Collector().Send(whole.AsSpan(0, length)).Error);
    }

    private static byte[] NetFlow8(int count, int aggregation, params string[] records)
        => Hex.Parse([U16(8), U16(count), U32(Uptime), U32(ExportSeconds), U32(123456789), U32(Sequence), "0309", aggregation.ToString("X2", null), "02", "00000000", .. records]);

    private static string Text(in FlowRecord r)
    {
        var text = new List<string>();
        string source = (r.Fields & LogFields.SrcAddr4) != 0 ? r.SourceAddress + Mask(r.SourceMask) : "";
        string destination = (r.Fields & LogFields.DstAddr4) != 0 ? ">" + r.DestinationAddress + Mask(r.DestinationMask) : "";
        text.Add(source + destination);
        if (r.Protocol != 0)
            text.Add($"proto {r.Protocol}");
        if (r.TypeOfService != 0)
            text.Add($"tos {r.TypeOfService}");
        if ((r.Fields & LogFields.SrcDstPort) != 0)
            text.Add($":{r.SourcePort}>:{r.DestinationPort}");
        if ((r.Fields & LogFields.AsInfo) != 0 && (r.SourceAs | r.DestinationAs) != 0)
            text.Add($"as {r.SourceAs}>{r.DestinationAs}");
        if ((r.Fields & LogFields.IfIndices) != 0)
            text.Add($"if {r.InputInterface}>{r.OutputInterface}");
        return string.Join(' ', text.Where(part => part.Length > 0));
    }

    private static string Mask(byte mask) => mask == 0 ? "" : $"/{mask}";
}
