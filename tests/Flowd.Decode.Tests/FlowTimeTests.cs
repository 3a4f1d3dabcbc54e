using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Absolute times become uptimes where the boot is known; where it is not, or the sum makes no sense, there are no times.
/// </summary>
public class FlowTimeTests
{
    // The header of v9: uptime 9,600,000 ms at 1,700,000,000 s, so the agent booted at 1,699,990,400 s.
    [Theory]
    [InlineData(150, 151, "6553CB81", "6553CB83", 1000u, 3000u)]
    [InlineData(152, 153, "0000018BCF52EF84", "0000018BCF52F35F", 900u, 1887u)]
    [InlineData(154, 155, "E8FE4A0180000000", "E8FE4A03FFFFFFFF", 1500u, 3999u)]
    [InlineData(156, 157, "E8FE4A0180000000", "E8FE4A03FFFFFFFF", 1500u, 3999u)]
    public void NetFlow9(int startElement, int endElement, string start, string end, uint expectedStart, uint expectedFinish)
    {
        int length = start.Length / 2;
        FlowRecord record = new Collector().Single(Wire.NetFlow9(2,
            Wire.Set(0, Wire.Template(256, (startElement, length), (endElement, length), (4, 1))), Wire.Set(256, start, end, "06")));
        Assert.True(record.Fields.HasFlag(LogFields.FlowTimes));
        Assert.Equal((expectedStart, expectedFinish), (record.FlowStart, record.FlowFinish));
    }

    // H31: before the boot, 2^63 and 2^64-1 ms, the last fraction of the last second, only one of the two.
    [Theory]
    [InlineData(152, 153, "0000000000000000", "0000000000000001")]
    [InlineData(152, 153, "8000000000000000", "FFFFFFFFFFFFFFFF")]
    [InlineData(154, 155, "FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF")]
    [InlineData(156, 157, "00000000FFFFFFFF", "00000000FFFFFFFF")]
    [InlineData(152, 5, "0000018BCF52EC00", "00")]
    public void Times_that_are_no_uptime_are_left_out(int startElement, int endElement, string start, string end)
    {
        var collector = new Collector();
        collector.Send(Wire.NetFlow9(2, Wire.Set(0, Wire.Template(256, (startElement, start.Length / 2), (endElement, end.Length / 2), (4, 1))), Wire.Set(256, start, end, "06")));
        FlowRecord record = Assert.Single(collector.Batch.Records.ToArray());
        Assert.False(record.Fields.HasFlag(LogFields.FlowTimes));
        Assert.Equal((0u, 0u), (record.FlowStart, record.FlowFinish));
    }

    [Fact]
    public void Ipfix_without_boot_time_has_no_times()
    {
        FlowRecord record = new Collector().Single(Wire.Ipfix(
            Wire.Set(2, Wire.Template(256, (150, 4), (151, 4), (4, 1))), Wire.Set(256, "6553CB81 6553CB83 06")));
        Assert.False(record.Fields.HasFlag(LogFields.FlowTimes));
    }

    [Fact]
    public void Ipfix_with_boot_time_in_the_record()
    {
        FlowRecord record = new Collector().Single(Wire.Ipfix(
            Wire.Set(2, Wire.Template(256, (150, 4), (151, 4), (160, 8), (4, 1))), Wire.Set(256, "6553CB81 6553CB83 0000018BCF52EC00 06")));
        Assert.True(record.Fields.HasFlag(LogFields.FlowTimes));
        Assert.Equal((1000u, 3000u, 9_600_000u), (record.FlowStart, record.FlowFinish, record.SystemUptime));
    }
}
