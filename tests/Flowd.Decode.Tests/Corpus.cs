using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>The list of captures of real exporters, those of NetFlow and IPFIX.</summary>
internal static class Corpus
{
    /// <summary>Identifier and features, in the words of the list; without the corpus one row, whose tests skip themselves.</summary>
    public static readonly IReadOnlyList<(string Id, string Features)> Captures = [.. Read(isSFlow: false)];

    /// <summary>The same of sFlow.</summary>
    public static readonly IReadOnlyList<(string Id, string Features)> SFlowCaptures = [.. Read(isSFlow: true)];

    public static string PathOf(string id) => SharedData.PathOf("corpus", id + ".pcap");

    /// <summary>The records of a capture, played in order.</summary>
    public static List<FlowRecord> Play(string capture, Collector collector)
    {
        var records = new List<FlowRecord>();
        foreach ((Address exporter, byte[] payload) in Pcap.Read(capture))
        {
            collector.Send(payload, exporter);
            records.AddRange(collector.Batch.Records);
        }

        return records;
    }

    /// <summary>As the expected values write it.</summary>
    public static string Mac(ulong mac) => string.Join(':', Enumerable.Range(0, 6).Select(i => (mac >> 40 - i * 8 & 0xFF).ToString("x2", CultureInfo.InvariantCulture)));

    private static IEnumerable<(string, string)> Read(bool isSFlow)
    {
        if (!SharedData.IsPresent)
            return [("no corpus", "")];
        string[][] rows = [.. File.ReadLines(SharedData.PathOf("corpus", "MANIFEST.tsv")).Select(line => line.Split('\t'))];
        int protocol = Array.IndexOf(rows[0], "protocol"), features = Array.IndexOf(rows[0], "features");
        return rows.Skip(1).Where(row => row[protocol].StartsWith("sflow", StringComparison.Ordinal) == isSFlow).Select(row => (row[0], row[features]));
    }
}
