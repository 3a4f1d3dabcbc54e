using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using CsCheck;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Tests;

/// <summary>Records as JSON.</summary>
public class FlowJsonTests
{
    [Fact]
    public void Everything()
        => Assert.Equal(
            """{"tag":7,"recv_time":"2025-10-27T23:28:00.001234Z","proto":6,"tcp_flags":27,"tos":16,"agent":"192.0.2.1","src":"10.0.0.1",""" +
            """ "src_port":443,"dst":"10.0.0.2","dst_port":50000,"gateway":"10.0.0.254","packets":10,"octets":4294967296,"in_if":1,"out_if":70000,""".TrimStart() +
            """ "sys_uptime_ms":3605643,"time":"2025-10-27T23:28:01.000000005Z","netflow_version":9,"flow_start_ms":1000,"flow_finish_ms":2000,""".TrimStart() +
            """ "src_as":64512,"src_masklen":24,"dst_as":4200000000,"dst_masklen":16,"engine_type":3,"engine_id":9,"sequence":77,"source_id":78,"crc32":48879}""".TrimStart() +
            "\n",
            Json(Sample.Full4 with { Checksum = 0xBEEF }, LogFields.All));

    [Theory]
    [InlineData(LogFields.None, "{}\n")]
    [InlineData(LogFields.SrcDstPort, "{\"src_port\":443,\"dst_port\":50000}\n")]
    public void Absent_fields_are_absent_keys(LogFields mask, string expected) => Assert.Equal(expected, Json(Sample.Full4, mask));

    [Fact]
    public void Every_line_parses_and_equals_the_record()
        => Sample.Any.Sample(record =>
        {
            string line = Json(record, LogFields.All);
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            Dictionary<string, string> actual = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
            Assert.Equal(Expected(record).Where(row => row.Value is not null).ToDictionary(row => row.Key, row => row.Value!), actual);
        }, iter: 1_000);

    // Written apart from the table in the program, so that a wrong row there shows.
    private static Dictionary<string, string?> Expected(FlowRecord r) => new()
    {
        ["tag"] = If(r, LogFields.Tag, r.Tag),
        ["recv_time"] = If(r, LogFields.RecvTime, Iso(r.ReceivedSeconds) + "." + r.ReceivedMicroseconds.ToString("D6", CultureInfo.InvariantCulture) + "Z"),
        ["proto"] = If(r, LogFields.ProtoFlagsTos, r.Protocol),
        ["tcp_flags"] = If(r, LogFields.ProtoFlagsTos, r.TcpFlags),
        ["tos"] = If(r, LogFields.ProtoFlagsTos, r.TypeOfService),
        ["agent"] = If(r, LogFields.AgentAddr, r.AgentAddress),
        ["src"] = If(r, LogFields.SrcAddr, r.SourceAddress),
        ["src_port"] = If(r, LogFields.SrcDstPort, r.SourcePort),
        ["dst"] = If(r, LogFields.DstAddr, r.DestinationAddress),
        ["dst_port"] = If(r, LogFields.SrcDstPort, r.DestinationPort),
        ["gateway"] = If(r, LogFields.GatewayAddr, r.GatewayAddress),
        ["packets"] = If(r, LogFields.Packets, r.Packets),
        ["octets"] = If(r, LogFields.Octets, r.Octets),
        ["in_if"] = If(r, LogFields.IfIndices, r.InputInterface),
        ["out_if"] = If(r, LogFields.IfIndices, r.OutputInterface),
        ["sys_uptime_ms"] = If(r, LogFields.AgentInfo, r.SystemUptime),
        ["time"] = If(r, LogFields.AgentInfo, Iso(r.ExportSeconds) + "." + r.ExportNanoseconds.ToString("D9", CultureInfo.InvariantCulture) + "Z"),
        ["netflow_version"] = If(r, LogFields.AgentInfo, r.Version),
        ["flow_start_ms"] = If(r, LogFields.FlowTimes, r.FlowStart),
        ["flow_finish_ms"] = If(r, LogFields.FlowTimes, r.FlowFinish),
        ["src_as"] = If(r, LogFields.AsInfo, r.SourceAs),
        ["src_masklen"] = If(r, LogFields.AsInfo, r.SourceMask),
        ["dst_as"] = If(r, LogFields.AsInfo, r.DestinationAs),
        ["dst_masklen"] = If(r, LogFields.AsInfo, r.DestinationMask),
        ["engine_type"] = If(r, LogFields.FlowEngineInfo, r.EngineType),
        ["engine_id"] = If(r, LogFields.FlowEngineInfo, r.EngineId),
        ["sequence"] = If(r, LogFields.FlowEngineInfo, r.Sequence),
        ["source_id"] = If(r, LogFields.FlowEngineInfo, r.SourceId),
        ["crc32"] = If(r, LogFields.Crc32, r.Checksum),
    };

    private static string? If<T>(FlowRecord record, LogFields field, T value)
        where T : notnull
        => (record.Fields & field) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{value}");

    private static string Iso(uint seconds) => DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static string Json(in FlowRecord record, LogFields mask)
    {
        var output = new Utf8Buffer(1);
        FlowJson.Write(output, in record, mask, new TimeText(TimeZoneInfo.Utc));
        return Encoding.UTF8.GetString(output.Written);
    }
}
