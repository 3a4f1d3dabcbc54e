using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What records of real exporters tell beyond version 3.0 of the log, against what the reference decoder made of the captures.</summary>
public class ExtendedCorpusTests
{
    private const int MostAhead = 600_000;

    private delegate string? Value(in FlowRecord record);

    /// <summary>Names of the reference decoder, and where we have it; null where we do not have the part at all.</summary>
    private static readonly Dictionary<string, Value> Fields = new()
    {
        ["direction"] = static (in FlowRecord r) => Number(r, LogFields.Status, r.Status.Direction),
        ["forwarding_status"] = static (in FlowRecord r) => Number(r, LogFields.Status, r.Status.ForwardingStatus),
        ["ip_version"] = static (in FlowRecord r) => Number(r, LogFields.Status, r.Status.IpVersion),
        ["flow_end_reason"] = static (in FlowRecord r) => Number(r, LogFields.Status, r.Status.EndReason),
        ["icmp_type_code"] = static (in FlowRecord r) => Number(r, LogFields.Status, r.Status.IcmpType << 8 | r.Status.IcmpCode),
        ["in_vrf"] = static (in FlowRecord r) => Number(r, LogFields.Exporter, r.Origin.VrfIn),
        ["out_vrf"] = static (in FlowRecord r) => Number(r, LogFields.Exporter, r.Origin.VrfOut),
        ["bgp_next_hop"] = static (in FlowRecord r) => Text(r, LogFields.Bgp, r.Bgp.NextHop),
        ["src_mac"] = static (in FlowRecord r) => Mac(r, r.Layer2.SourceMac),
        ["dst_mac"] = static (in FlowRecord r) => Mac(r, r.Layer2.DestinationMac),
        ["src_vlan"] = static (in FlowRecord r) => Number(r, LogFields.Layer2, r.Layer2.Vlan),
        ["dst_vlan"] = static (in FlowRecord r) => Number(r, LogFields.Layer2, r.Layer2.PostVlan),
        ["post_nat_src"] = static (in FlowRecord r) => Text(r, LogFields.Nat, r.Nat.PostSource),
        ["post_nat_dst"] = static (in FlowRecord r) => Text(r, LogFields.Nat, r.Nat.PostDestination),
        ["xlate_src"] = static (in FlowRecord r) => Text(r, LogFields.Nat, r.Nat.PostSource),
        ["xlate_dst"] = static (in FlowRecord r) => Text(r, LogFields.Nat, r.Nat.PostDestination),
        ["xlate_sport"] = static (in FlowRecord r) => Number(r, LogFields.Nat, r.Nat.PostSourcePort),
        ["xlate_dport"] = static (in FlowRecord r) => Number(r, LogFields.Nat, r.Nat.PostDestinationPort),
        ["mpls_label_1"] = static (in FlowRecord r) => Number(r, LogFields.Mpls, MplsLabels.LabelOf(r.Mpls[0])),
        ["mpls_label_2"] = static (in FlowRecord r) => Number(r, LogFields.Mpls, MplsLabels.LabelOf(r.Mpls[1])),
        ["mpls_label_3"] = static (in FlowRecord r) => Number(r, LogFields.Mpls, MplsLabels.LabelOf(r.Mpls[2])),
        ["resp_octets"] = static (in FlowRecord r) => Number(r, LogFields.Reverse, r.ReverseOctets),
        ["resp_packets"] = static (in FlowRecord r) => Number(r, LogFields.Reverse, r.ReversePackets),
        ["first_epoch_ms"] = static (in FlowRecord r) => Time(r, r.FlowStartNanoseconds),
        ["last_epoch_ms"] = static (in FlowRecord r) => Time(r, r.FlowFinishNanoseconds),
        ["first_abs_ms"] = static (in FlowRecord r) => Time(r, r.FlowStartNanoseconds),
        ["last_abs_ms"] = static (in FlowRecord r) => Time(r, r.FlowFinishNanoseconds),
    };

    public static TheoryData<string> Captures => CorpusTests.Captures;

    [Theory, MemberData(nameof(Captures))]
    public void Parts_beyond_30_are_as_expected(string id)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("corpus", "expected", id + ".json")));
        JsonElement[] wanted = [.. CorpusTests.KeptRecords(expected.RootElement.GetProperty("decoded_by_refdec"))];
        List<FlowRecord> actual = Corpus.Play(Corpus.PathOf(id), new Collector());
        uint[] uptimes = [.. expected.RootElement.GetProperty("decoded_by_refdec").GetProperty("datagrams").EnumerateArray()
            .Select(datagram => datagram.TryGetProperty("sysuptime_ms", out JsonElement uptime) ? uptime.GetUInt32() : 1)];
        int compared = 0;
        var wrong = new List<string>();
        for (int i = 0; i < Math.Min(wanted.Length, actual.Count); i++)
        {
            foreach (JsonProperty field in wanted[i].EnumerateObject())
            {
                if (!Fields.TryGetValue(field.Name, out Value? value))
                    continue;
                compared++;
                string? want = IsUnknown(wanted[i], field, uptimes) ? null : Wanted(wanted[i], field, uptimes);
                string? have = value(actual[i]);
                if (want != have)
                    wrong.Add($"record {i}: {field.Name}: {have ?? "nothing"} instead of {want ?? "nothing"}");
            }
        }

        CorpusTotals.Add(id, actual.Count, compared);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {compared} differ:\n" + string.Join('\n', wrong.Take(10)));
    }

    // An agent that says 0 does not know its uptime, and then nobody knows when its flows were. A field of no octets has no value.
    private static bool IsUnknown(JsonElement record, JsonProperty field, uint[] uptimes)
        => field.Name is "first_abs_ms" or "last_abs_ms"
            && ((field.Value.ValueKind == JsonValueKind.Number && field.Value.GetInt64() == 0)
                || (UptimeOf(record, uptimes) == 0 && record.TryGetProperty("first_ms", out JsonElement first) && first.GetUInt32() > MostAhead));

    // 1 where the protocol has none.
    private static uint UptimeOf(JsonElement record, uint[] uptimes) => uptimes.ElementAtOrDefault(record.GetProperty("datagram").GetInt32()) is var uptime && uptimes.Length > 0 ? uptime : 1;

    // The reference decoder has times for an uptime that wrapped and for one that did not; a little ahead of the header's is a line card's clock.
    private static string Wanted(JsonElement record, JsonProperty field, uint[] uptimes)
    {
        bool mayWrap = record.TryGetProperty(field.Name.Replace("_abs_ms", "_ms", StringComparison.Ordinal), out JsonElement own) && own.ValueKind == JsonValueKind.Number
            && own.GetInt64() - UptimeOf(record, uptimes) > MostAhead;
        string wrapped = field.Name.Replace("_abs_ms", "_if_uptime_wrapped_abs_ms", StringComparison.Ordinal);
        JsonElement value = mayWrap && field.Name != wrapped && record.TryGetProperty(wrapped, out JsonElement better) ? better : field.Value;
        return value.ValueKind == JsonValueKind.String && AddressText.TryParse(value.GetString(), out Address address)
            ? (address.High | address.Low) == 0 ? "0.0.0.0" : address.ToString()
            : value.ToString();
    }

    private static string? Number(in FlowRecord record, LogFields field, long value)
        => (record.Fields & field) == 0 ? null : value.ToString(CultureInfo.InvariantCulture);

    private static string? Number(in FlowRecord record, LogFields field, ulong value)
        => (record.Fields & field) == 0 ? null : value.ToString(CultureInfo.InvariantCulture);

    // None is zero on the wire, of either family.
    private static string? Text(in FlowRecord record, LogFields field, in Address address)
        => (record.Fields & field) == 0 ? null : address == default ? "0.0.0.0" : address.ToString();

    private static string? Mac(in FlowRecord record, ulong mac)
        => (record.Fields & LogFields.Layer2) == 0 ? null : Corpus.Mac(mac);

    private static string? Time(in FlowRecord record, ulong nanoseconds) => Number(record, LogFields.FlowTimesAbs, nanoseconds / 1_000_000);
}
