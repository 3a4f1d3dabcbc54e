using System;
using System.Text;
using CsCheck;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Tests;

/// <summary>Records as text and CSV: the original's output, by hand.</summary>
public class FlowTextTests
{
    private static readonly TimeText Utc = new(TimeZoneInfo.Utc);

    [Fact]
    public void Everything_with_IPv4()
        => Assert.Equal(
            "FLOW tag 7 recv_time 2025-10-27T23:28:00.01234 proto 6 tcpflags 1b tos 10 agent [192.0.2.1] src [10.0.0.1]:443 " +
            "dst [10.0.0.2]:50000 gateway [10.0.0.254] packets 10 octets 4294967296 in_if 1 out_if 70000 sys_uptime_ms 1h5s.643 " +
            "time_sec 2025-10-27T23:28:01 time_nanosec 5 netflow ver 9 flow_start 1s.000 flow_finish 2s.000 src_AS 64512 src_masklen 24 " +
            "dst_AS 4200000000 dst_masklen 16 engine_type 3 engine_id 9 seq 77 source 78 crc32 0000beef \n",
            Text(Sample.Full4 with { Checksum = 0xBEEF }, LogFields.All));

    [Fact]
    public void Brief_with_IPv6()
        => Assert.Equal(
            "FLOW tag 7 recv_time 2025-10-27T23:28:00.01234 proto 6 tcpflags 1b tos 10 agent [2001:db8::1] src [2001:db8::2]:443 " +
            "dst [2001:db8::3]:50000 packets 10 octets 4294967296 \n",
            Text(Sample.Full6, LogFields.Brief));

    [Theory]
    [InlineData(LogFields.None, "FLOW \n")]
    [InlineData(LogFields.SrcDstPort, "FLOW \n")] // ports stand behind addresses only
    [InlineData(LogFields.SrcAddr, "FLOW src [10.0.0.1] \n")]
    [InlineData(LogFields.SrcAddr6, "FLOW \n")]
    [InlineData(LogFields.DstAddr | LogFields.SrcDstPort, "FLOW dst [10.0.0.2]:50000 \n")]
    public void The_mask_decides(LogFields mask, string expected) => Assert.Equal(expected, Text(Sample.Full4, mask));

    // printf's %05d and %d of the original.
    [Theory]
    [InlineData(0u, "00000")]
    [InlineData(123456u, "123456")]
    [InlineData(0xFFFFFFFFu, "-0001")]
    [InlineData(0x80000000u, "-2147483648")]
    public void Microseconds_are_padded_to_five_places(uint microseconds, string expected)
        => Assert.Equal($"FLOW recv_time 2025-10-27T23:28:00.{expected} \n",
            Text(Sample.Full4 with { ReceivedMicroseconds = microseconds }, LogFields.RecvTime));

    [Fact]
    public void Large_interface_numbers_are_signed_as_in_the_original()
        => Assert.Equal("FLOW in_if -1 out_if 0 \n",
            Text(Sample.Full4 with { InputInterface = uint.MaxValue, OutputInterface = 0 }, LogFields.IfIndices));

    [Theory]
    [InlineData(0u, "0s.000")]
    [InlineData(59_999u, "59s.999")]
    [InlineData(60_000u, "1m0s.000")]
    [InlineData(99_999_999u, "1d3h46m39s.999")]
    [InlineData(604_800_000u, "1w0s.000")]
    [InlineData(uint.MaxValue, "7w17h2m47s.295")]
    public void Intervals(uint milliseconds, string expected)
        => Assert.StartsWith($"FLOW flow_start {expected} ", Text(Sample.Full4 with { FlowStart = milliseconds }, LogFields.FlowTimes));

    [Fact]
    public void Csv()
    {
        var output = new Utf8Buffer(1);
        FlowCsv.WriteHeader(output);
        FlowCsv.Write(output, Sample.Full4);
        FlowCsv.Write(output, default);
        Assert.Equal(
            "#:unix_secs,unix_nsecs,sysuptime,exaddr,dpkts,doctets,first,last,engine_type,engine_id,srcaddr,dstaddr,nexthop,input,output," +
            "srcport,dstport,prot,tos,tcp_flags,src_mask,dst_mask,src_as,dst_as\n" +
            "1761607681,5,3605643,192.0.2.1,10,4294967296,1000,2000,3,9,10.0.0.1,10.0.0.2,10.0.0.254,1,70000,443,50000,6,16,27,24,16,64512,4200000000\n" +
            "0,0,0,(null),0,0,0,0,0,0,(null),(null),(null),0,0,0,0,0,0,0,0,0,0,0\n",
            Encoding.UTF8.GetString(output.Written));
    }

    // A local time on both sides of the end of summer time.
    [Theory]
    [InlineData("Europe/Berlin", 1761440399u, "2025-10-26T02:59:59", "+02:00")]
    [InlineData("Europe/Berlin", 1761440400u, "2025-10-26T02:00:00", "+01:00")]
    [InlineData("Europe/London", 1761440400u, "2025-10-26T01:00:00", "Z")]
    [InlineData("America/St_Johns", 1761440400u, "2025-10-25T22:30:00", "-02:30")]
    [InlineData("Asia/Kolkata", uint.MaxValue, "2106-02-07T11:58:15", "+05:30")]
    public void Local_time(string zone, uint seconds, string local, string offset)
    {
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found), "needs tzdata");
        var time = new TimeText(found!);
        Assert.Equal((local, offset), (Encoding.UTF8.GetString(time.Local(seconds)), Encoding.UTF8.GetString(time.Offset(seconds))));
    }

    [Fact]
    public void Cached_times_are_those_that_were_asked_for()
        => Gen.UInt.Array[1, 100].Sample(all =>
        {
            var time = new TimeText(TimeZoneInfo.Utc);
            foreach (uint seconds in all)
            {
                string expected = DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(expected, Encoding.UTF8.GetString(time.Local(seconds)));
            }
        }, iter: 200);

    [Fact]
    public void Formatting_allocates_nothing()
    {
        var output = new Utf8Buffer();
        FlowRecord record = Sample.Full6;
        Format(output, in record);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                output.Clear();
                record.ReceivedSeconds = (uint)i;
                Format(output, in record);
            }
        }));
    }

    private static void Format(Utf8Buffer output, in FlowRecord record)
    {
        FlowText.Write(output, in record, LogFields.All, Utc);
        FlowCsv.Write(output, in record);
        FlowJson.Write(output, in record, LogFields.All, Utc);
    }

    private static string Text(in FlowRecord record, LogFields mask)
    {
        var output = new Utf8Buffer(1);
        FlowText.Write(output, in record, mask, Utc);
        return Encoding.UTF8.GetString(output.Written);
    }
}
