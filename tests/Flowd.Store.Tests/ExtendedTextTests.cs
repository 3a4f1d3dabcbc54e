using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Flowd.Records;
using Flowd.Sinks;
using Flowd.Store;

namespace Flowd.Tests;

/// <summary>What version 3.1 adds, for people and for programs.</summary>
public class ExtendedTextTests
{
    private static readonly TimeText Utc = new(TimeZoneInfo.Utc);

    [Fact]
    public void Text_stands_behind_what_the_original_prints()
    {
        FlowRecord plain = Sample.Stored(Sample.Full4);
        FlowRecord extended = Read(ExtendedRecordTests.Extended with { FlowStartNanoseconds = 1_700_000_000_000_000_001 }, []);
        string before = Text(plain, [])[..^1];
        string text = Text(extended, []);

        Assert.StartsWith(before[..before.IndexOf("crc32", StringComparison.Ordinal)], text, StringComparison.Ordinal);
        Assert.EndsWith(
            " start_time 2023-11-14T22:13:20.000000001 finish_time 1970-01-01T00:00:00.000000002 sampling 1:100 algorithm 3 by options selector 5"
            + " src_mac 02:00:00:00:00:01 dst_mac 02:00:00:00:00:02 vlan 100 post_vlan 101 customer_vlan 102 post_customer_vlan 103 ethertype 0800"
            + " ip_version 4 direction 1 end_reason 3 forwarding_status 64 icmp 8/0 ttl 63-64 tcp_control_bits 011b fragment_flags 20"
            + " post_src [192.0.2.5]:1024 post_dst [2001:db8::9]:80 nat_event 1 mpls 16/0/64 32/1/64 reverse_packets 10 reverse_octets 11 application 13:42"
            + " bgp_next_hop [203.0.113.1] next_AS 64496 prev_AS 64497 original_exporter [192.0.2.99] domain 7 vrf_in 8 vrf_out 9 \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_a_key_for_each_part()
    {
        using JsonDocument json = JsonDocument.Parse(Json(Read(ExtendedRecordTests.Extended, []), []));
        JsonElement root = json.RootElement;
        Assert.Equal("1970-01-01T00:00:00.000000001Z", root.GetProperty("flow_start").GetString());
        Assert.Equal((100, "options"), (root.GetProperty("sampling_rate").GetInt32(), root.GetProperty("sampling_source").GetString()));
        Assert.Equal("02:00:00:00:00:01", root.GetProperty("src_mac").GetString());
        Assert.Equal("[16,32]", root.GetProperty("mpls_labels").GetRawText());
        Assert.Equal("2001:db8::9", root.GetProperty("post_dst").GetString());
        Assert.Equal(0x0D0000000000002Aul, root.GetProperty("application_id").GetUInt64());
        Assert.Equal(9, root.GetProperty("vrf_out").GetInt32());
    }

    [Fact]
    public void Full_csv_has_the_values_of_the_json_in_columns()
    {
        byte[] other = new byte[OtherElements.LengthOf(4)];
        OtherElements.Write(other, 0, 82, "a\",b"u8);
        FlowRecord full = Read(ExtendedRecordTests.Extended with { Fields = ExtendedRecordTests.Extended.Fields | LogFields.Other }, other);
        byte[] wire = Sample.Write(full, LogFields.Everything, other);
        string[] names = Csv(FlowJson.WriteColumnNames);
        string[] values = Csv(output => FlowJson.WriteColumns(output, in full, LogFields.Everything, Utc, wire));
        Assert.Equal(names.Length, values.Length);
        using JsonDocument json = JsonDocument.Parse(Json(in full, wire));
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            string value = property.Value.ValueKind == JsonValueKind.Array ? property.Value.GetRawText() : property.Value.ValueKind == JsonValueKind.Null ? "" : property.Value.ToString();
            Assert.Equal(value, values[Array.IndexOf(names, property.Name)]);
        }

        Assert.All(Csv(output => FlowJson.WriteColumns(output, new FlowRecord(), LogFields.Everything, Utc)), Assert.Empty);
    }

    // A line of RFC 4180 and its fields; times and addresses are quoted, too.
    private static string[] Csv(Action<Utf8Buffer> write)
    {
        var output = new Utf8Buffer();
        write(output);
        string line = Encoding.UTF8.GetString(output.Written);
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        var fields = new List<string>();
        var field = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (line[i] is ',' or '\n' && !isQuoted)
                (field, _) = (new StringBuilder(), Add(fields, field));
            else
                field.Append(line[i]);
        }

        return [.. fields];
    }

    private static int Add(List<string> fields, StringBuilder field)
    {
        fields.Add(field.ToString());
        return fields.Count;
    }

    // H43, and each type; a value that its type cannot have is hexadecimal.
    [Theory]
    [InlineData(0u, 82, "65746830", "interfaceName", "\"eth0\"")]
    [InlineData(0u, 82, "65746830000000", "interfaceName", "\"eth0\"")]
    [InlineData(0u, 82, "0A1B5B316D22275C2C00FF", "interfaceName", "\"\\u000a\\u001b[1m\\\"'\\\\,\\u0000\uFFFD\"")]
    [InlineData(0u, 82, "E280AE41C285", "interfaceName", "\"\\u202eA\\u0085\"")]
    [InlineData(0u, 82, "3D636D642829", "interfaceName", "\"=cmd()\"")]
    [InlineData(0u, 3, "00000007", "deltaFlowCount", "7")]
    [InlineData(0u, 3, "000000000000000007", "deltaFlowCount", "\"000000000000000007\"")]
    [InlineData(0u, 276, "01", "dataRecordsReliability", "true")]
    [InlineData(0u, 276, "03", "dataRecordsReliability", "\"03\"")]
    [InlineData(0u, 320, "7FF0000000000000", "absoluteError", "\"7ff0000000000000\"")]
    [InlineData(0u, 320, "3FF8000000000000", "absoluteError", "1.5")]
    [InlineData(0u, 434, "FFFF", "mibObjectValueInteger", "-1")]
    [InlineData(0u, 44, "0A000000", "sourceIPv4Prefix", "\"10.0.0.0\"")]
    [InlineData(0u, 44, "0A0000", "sourceIPv4Prefix", "\"0a0000\"")]
    [InlineData(0u, 291, "FF0008", "basicList", "\"ff0008\"")]
    [InlineData(9u, 12235, "CAFE", "e9id12235", "\"cafe\"")]
    [InlineData(0u, 60000, "", "e0id60000", "\"\"")]
    public void Elements_by_their_type(uint enterprise, int id, string hex, string name, string value)
    {
        byte[] octets = Hex.Parse(hex);
        var element = new byte[OtherElements.LengthOf(octets.Length)];
        OtherElements.Write(element, enterprise, (ushort)id, octets);
        FlowRecord record = Read(Sample.Full4 with { Fields = Sample.Full4.Fields | LogFields.Other }, element);
        byte[] wire = Sample.Write(record, LogFields.Everything, element);

        Assert.Equal($"FLOW {name} {value} \n", Text(record, wire, LogFields.Other));
        string json = Json(record, wire, LogFields.Other);
        Assert.Equal($"{{\"other\":[{{\"name\":\"{name}\",\"enterprise\":{enterprise},\"id\":{id},\"value\":{value}}}]}}\n", json);
        JsonDocument.Parse(json).Dispose();
    }

    private static FlowRecord Read(FlowRecord record, byte[] other)
    {
        Assert.Equal(LogError.None, LogRecord.TryRead(Sample.Write(record, LogFields.Everything, other), out FlowRecord read, out _));
        return read;
    }

    private static string Text(in FlowRecord record, byte[] octets, LogFields mask = LogFields.Everything)
    {
        var output = new Utf8Buffer();
        FlowText.Write(output, in record, mask, Utc, octets);
        return Encoding.UTF8.GetString(output.Written);
    }

    private static string Json(in FlowRecord record, byte[] octets, LogFields mask = LogFields.Everything)
    {
        var output = new Utf8Buffer();
        FlowJson.Write(output, in record, mask, Utc, octets);
        return Encoding.UTF8.GetString(output.Written);
    }
}
