using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Captures of real sFlow agents against what the reference decoder made of them.</summary>
public class SFlowCorpusTests
{
    private delegate string Value(in FlowRecord record);

    private static readonly Dictionary<string, Value> OfSample = new()
    {
        ["sampling_rate"] = static (in FlowRecord r) => Text(r.Sampling.Rate),
        ["source_class"] = static (in FlowRecord r) => Text(r.EngineType),
    };

    private static readonly Dictionary<string, Value> OfPart = new()
    {
        ["frame_length"] = static (in FlowRecord r) => Text(r.Octets),
        ["src_mac"] = static (in FlowRecord r) => Corpus.Mac(r.Layer2.SourceMac),
        ["dst_mac"] = static (in FlowRecord r) => Corpus.Mac(r.Layer2.DestinationMac),
        ["hdr_ethertype"] = static (in FlowRecord r) => Text(r.Layer2.EtherType),
        ["src"] = static (in FlowRecord r) => r.SourceAddress.ToString(),
        ["dst"] = static (in FlowRecord r) => r.DestinationAddress.ToString(),
        ["proto"] = static (in FlowRecord r) => Text(r.Protocol),
        ["tos"] = static (in FlowRecord r) => Text(r.TypeOfService),
        ["ttl"] = static (in FlowRecord r) => Text(r.Status.MinimumTtl),
        ["sport"] = static (in FlowRecord r) => Text(r.SourcePort),
        ["dport"] = static (in FlowRecord r) => Text(r.DestinationPort),
        ["tcp_flags"] = static (in FlowRecord r) => Text(r.TcpFlags),
        ["dst_vlan"] = static (in FlowRecord r) => Text(r.Layer2.PostVlan),
        ["next_hop"] = static (in FlowRecord r) => (r.Fields & LogFields.Bgp) != 0 ? r.Bgp.NextHop.ToString() : r.GatewayAddress.ToString(),
        ["src_as"] = static (in FlowRecord r) => Text(r.SourceAs),
        ["src_peer_as"] = static (in FlowRecord r) => Text(r.Bgp.PreviousAdjacentAs),
        ["dst_as"] = static (in FlowRecord r) => Text(r.DestinationAs),
        ["src_mask"] = static (in FlowRecord r) => Text(r.SourceMask),
        ["dst_mask"] = static (in FlowRecord r) => Text(r.DestinationMask),
    };

    public static TheoryData<string> Captures => [.. Corpus.SFlowCaptures.Select(capture => capture.Id)];

    [Theory, MemberData(nameof(Captures))]
    public void Samples_are_as_expected(string id)
    {
        string capture = Corpus.PathOf(id);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("corpus", "expected", id + ".json")));
        bool isHostile = expected.RootElement.GetProperty("cls").GetString() == "hostile";
        JsonElement[] wanted = [.. expected.RootElement.GetProperty("decoded_by_refdec").GetProperty("samples").EnumerateArray().Where(IsOfPacket)];
        var collector = new Collector();
        List<FlowRecord> actual = Corpus.Play(capture, collector);

        if (isHostile)
        {
            Assert.NotEmpty(collector.Errors);
            CorpusTotals.Add(id, actual.Count, 0);
            return;
        }

        Assert.DoesNotContain(collector.Errors.Keys, error => error is not (DecodeError.NothingToKeep or DecodeError.TrailingOctets));
        Assert.Equal(wanted.Length, actual.Count);
        int compared = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            Compare(wanted[i], OfSample, actual[i], ref compared);
            foreach (JsonElement part in wanted[i].GetProperty("records").EnumerateArray())
                Compare(part, OfPart, actual[i], ref compared);
        }

        CorpusTotals.Add(id, actual.Count, compared);
    }

    private static void Compare(JsonElement wanted, Dictionary<string, Value> fields, in FlowRecord record, ref int compared)
    {
        foreach (JsonProperty field in wanted.EnumerateObject())
        {
            if (!fields.TryGetValue(field.Name, out Value? value))
                continue;
            string want = field.Value.ValueKind == JsonValueKind.String && AddressText.TryParse(field.Value.GetString(), out Address address) ? address.ToString() : field.Value.ToString();
            Assert.Equal((field.Name, want), (field.Name, value(in record)));
            compared++;
        }
    }

    // Counters, and samples whose parts say nothing about the packet, become no records.
    private static bool IsOfPacket(JsonElement sample)
        => !sample.GetProperty("type").GetString()!.StartsWith("counter", StringComparison.Ordinal)
            && sample.GetProperty("records").EnumerateArray().Any(part => part.TryGetProperty("src_mac", out _) || part.TryGetProperty("src", out _) || part.TryGetProperty("src_vlan", out _));

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
