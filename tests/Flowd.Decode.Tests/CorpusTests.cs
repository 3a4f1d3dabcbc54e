using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Captures of real exporters, played in order, against what is known of them. The reference decoder that made the expected values is a plain
/// one; where we mean to differ, <see cref="Differences"/> says why.
/// </summary>
public class CorpusTests
{
    /// <summary>Where we keep other records than the reference decoder: the first so many of its records, and so many more.</summary>
    private static readonly Dictionary<string, (int Kept, int More, string Why)> Differences = new()
    {
        ["ls-nf5-invalid-01"] = (0, 0, "the header announces more records than version 5 allows: fixed formats are all or nothing"),
        ["ls-ipfix-softflowd"] = (6, 6, "a second message follows in the datagram, with a valid header of its own (RFC 7011 section 3.1)"),
        ["tg-issue-14370"] = (1, 0, "the message length cuts the last set (RFC 7011 section 3.1): a set is read whole or not at all"),
    };

    public static TheoryData<string> Captures => [.. Corpus.Captures.Select(capture => capture.Id)];

    [Theory, MemberData(nameof(Captures))]
    public void Records_are_as_expected(string id)
    {
        string capture = Corpus.PathOf(id);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("corpus", "expected", id + ".json")));
        JsonElement decoded = expected.RootElement.GetProperty("decoded_by_refdec");
        JsonElement[] datagrams = [.. decoded.GetProperty("datagrams").EnumerateArray()];
        string[] wanted = [.. KeptRecords(decoded).Select(r => Describe(r, datagrams))];

        (List<string> actual, Collector collector) = Play(capture);

        (int kept, int more, _) = Differences.GetValueOrDefault(id, (wanted.Length, 0, ""));
        Assert.Equal(wanted.Take(kept), actual.SkipLast(more));
        Assert.Equal(kept + more, actual.Count);
        CorpusTotals.Add(id, actual.Count, wanted.Take(kept).Sum(record => record.Count(character => character == '=') - 1));
        string features = Corpus.Captures.Single(c => c.Id == id).Features;
        if (more > 0)
            return; // what others take for damage is not
        if (features.Contains("bad", StringComparison.Ordinal) || features.Contains("missing-template", StringComparison.Ordinal))
            Assert.NotEmpty(collector.Errors);
        else
            Assert.DoesNotContain(collector.Errors.Keys, e => !Harmless.Contains(e));
    }

    /// <summary>Records with nothing that the log could hold are counted, not kept.</summary>
    public static IEnumerable<JsonElement> KeptRecords(JsonElement decoded)
    {
        JsonElement[] datagrams = [.. decoded.GetProperty("datagrams").EnumerateArray()];
        return decoded.GetProperty("records").EnumerateArray().Where(r => Describe(r, datagrams).Contains(' ', StringComparison.Ordinal));
    }

    /// <summary>Errors that captures without damage show: exporters count sets instead of records, or send records without flows, or flows
    /// of other years.</summary>
    private static readonly DecodeError[] Harmless = [DecodeError.CountMismatch, DecodeError.NothingToKeep, DecodeError.TrailingOctets, DecodeError.OddTime];

    private static (List<string> Records, Collector Collector) Play(string capture)
    {
        var collector = new Collector();
        var records = new List<string>();
        int n = 0;
        foreach ((Address exporter, byte[] payload) in Pcap.Read(capture))
        {
            collector.Send(payload, exporter);
            foreach (FlowRecord record in collector.Batch.Records)
                records.Add(Describe(n, record));
            n++;
        }

        return (records, collector);
    }

    private static string Describe(int datagram, in FlowRecord r)
    {
        var parts = new List<string> { $"datagram={datagram}" };
        Add(parts, r.Fields & LogFields.SrcAddr, "src", r.SourceAddress);
        Add(parts, r.Fields & LogFields.DstAddr, "dst", r.DestinationAddress);
        Add(parts, r.Fields & LogFields.GatewayAddr, "next_hop", r.GatewayAddress);
        Add(parts, r.Fields & LogFields.SrcDstPort, "sport", r.SourcePort, "dport", r.DestinationPort);
        Add(parts, r.Fields & LogFields.ProtoFlagsTos, "proto", r.Protocol, "tcp_flags", r.TcpFlags, "tos", r.TypeOfService);
        Add(parts, r.Fields & LogFields.Packets, "packets", r.Packets);
        Add(parts, r.Fields & LogFields.Octets, "octets", r.Octets);
        Add(parts, r.Fields & LogFields.IfIndices, "in_if", r.InputInterface, "out_if", r.OutputInterface);
        Add(parts, r.Fields & LogFields.AsInfo, "src_as", r.SourceAs, "dst_as", r.DestinationAs, "src_mask", r.SourceMask, "dst_mask", r.DestinationMask);
        Add(parts, r.Fields & LogFields.FlowTimes, "first_ms", r.FlowStart, "last_ms", r.FlowFinish);
        return string.Join(' ', parts);
    }

    private static void Add(List<string> parts, LogFields present, params object[] namesAndValues)
    {
        for (int i = 0; present != LogFields.None && i < namesAndValues.Length; i += 2)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{namesAndValues[i]}={namesAndValues[i + 1]}"));
    }

    private static readonly (string[] Names, string[] Fallbacks)[] Groups =
    [
        (["src"], []), (["dst"], []), (["next_hop"], []), (["sport", "dport"], []), (["proto", "tcp_flags", "tos"], []),
        (["packets"], ["packets_total", "init_packets"]), (["octets"], ["octets_total", "init_octets"]), (["in_if", "out_if"], []),
        (["src_as", "dst_as", "src_mask", "dst_mask"], []), (["first_ms", "last_ms"], []),
    ];

    // The log knows groups of fields: one that is known makes the others of its group zero.
    private static string Describe(JsonElement wanted, JsonElement[] datagrams)
    {
        var parts = new List<string> { $"datagram={wanted.GetProperty("datagram")}" };
        foreach ((string[] names, string[] fallbacks) in Groups)
        {
            if (!wanted.TryGetProperty(names[0], out _) && Array.Find(fallbacks, name => wanted.TryGetProperty(name, out _)) is { } fallback)
                parts.Add($"{names[0]}={wanted.GetProperty(fallback)}");
            else if (names.Any(name => wanted.TryGetProperty(name, out _)))
                parts.AddRange(names.Select(name => wanted.TryGetProperty(name, out JsonElement value) ? $"{name}={Text(value)}" : $"{name}=0"));
        }

        if (!wanted.TryGetProperty("first_ms", out _) && wanted.TryGetProperty("last_abs_ms", out JsonElement last))
            AddUptimes(parts, wanted.GetProperty("first_abs_ms").GetInt64(), last.GetInt64(), datagrams[wanted.GetProperty("datagram").GetInt32()]);
        return string.Join(' ', parts);
    }

    // Absolute times are kept as uptimes where the header tells the uptime.
    private static void AddUptimes(List<string> parts, long first, long last, JsonElement header)
    {
        if (!header.TryGetProperty("sysuptime_ms", out JsonElement uptime))
            return;
        long boot = header.GetProperty("unix_secs").GetInt64() * 1000 - uptime.GetInt64();
        if (first >= boot && last >= boot)
            parts.AddRange([$"first_ms={first - boot}", $"last_ms={last - boot}"]);
    }

    // Addresses in our way of writing.
    private static string Text(JsonElement value)
        => value.ValueKind == JsonValueKind.String && AddressText.TryParse(value.GetString(), out Address address) ? address.ToString() : value.ToString();
}
