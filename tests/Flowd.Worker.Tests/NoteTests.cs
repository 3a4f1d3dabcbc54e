using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Flowd.Decode;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Tests;

/// <summary>What exporters tell beside flows, from the datagram to the line.</summary>
public class NoteTests
{
    private static readonly Address Exporter = Address.FromIPv4(0xC0000201);

    private readonly DatagramDecoder _decoder = new(new DecodeLimits()) { KeepsNotes = true };
    private readonly RecordBatch _batch = new(64);

    // Interface 3 by scope and by name, as Cisco's v9 has it; then once more, then with another name.
    [Fact]
    public void Names_of_interfaces_are_told_once_and_when_they_change()
    {
        const string head = "0009 0001 00000001 655FC000 00000001 0000002A ";
        List<string> lines = Send(head + "0001 0018 0101 0004 0008 0002 0004 0052 0008 0053 0004 0000");
        Assert.Empty(lines);
        string data = "0101 0014 00000003 4769302F31000000 75706C6B";
        Assert.Equal(
            ["""{"type":"options","received":"2023-11-14T22:13:21.250000Z","exporter":"192.0.2.1","version":9,"domain":42,"template":257,"scope":{"interface":3},"elements":{"interfaceName":"Gi0/1","interfaceDescription":"uplk"}}"""],
            Send(head + data));
        Assert.Empty(Send(head + data));
        Assert.Single(Send(head + data.Replace("75706C6B", "646F776E", StringComparison.Ordinal)));
        Assert.Single(Send(head + data.Replace("00000003", "00000004", StringComparison.Ordinal)));
    }

    [Fact]
    public void Applications_vrfs_and_statistics_of_ipfix_have_their_names()
    {
        // Scope: applicationId; applicationName of variable length. Scope: ingressVRFID; VRFname. Scope: exportingProcessId; exportedMessageTotalCount, and an element of an enterprise.
        List<string> lines = Send(
            "000A 0000 655FC000 00000001 00000007 "
            + "0003 0036 0101 0002 0001 005F 0004 0060 FFFF  0102 0002 0001 00EA 0004 00EC FFFF  0103 0003 0001 0090 0004 0029 0008 8001 0002 00000009 "
            + "0101 000D 0D0001C5 04 68747470  0102 000C 00000005 03 726564  0103 0012 00000001 00000000000003E8 0007");
        Assert.Equal(
            [
                "\"scope\":{\"applicationId\":\"0d0001c5\"},\"elements\":{\"applicationName\":\"http\"}}",
                "\"scope\":{\"ingressVRFID\":5},\"elements\":{\"VRFname\":\"red\"}}",
                "\"scope\":{\"exportingProcessId\":1},\"elements\":{\"exportedMessageTotalCount\":1000,\"e9id1\":\"0007\"}}",
            ],
            lines.Select(line => line[line.IndexOf("\"scope\"", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Options_that_waited_for_their_template_are_told_too()
    {
        Assert.Empty(Send("000A 0000 655FC000 00000001 00000007 0102 000C 00000005 03 726564"));
        Assert.Single(Send("000A 0000 655FC000 00000002 00000007 0003 0012 0102 0002 0001 00EA 0004 00EC FFFF"));
    }

    [Fact]
    public void An_element_that_comes_twice_is_one_key()
    {
        string line = Assert.Single(Send("000A 0000 655FC000 00000001 00000007 0003 0016 0102 0003 0001 00EA 0004 0029 0001 0029 0001 0102 000A 00000005 0102"));
        Assert.EndsWith("\"elements\":{\"exportedMessageTotalCount\":1}}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_of_sflow_5_have_the_names_of_its_standard()
    {
        string counters = "00000001 00000058 " + Interface + "00000002 00000034 " + Numbers(13) + "00001001 00000004 00000000 000003E9 0000001C " + Numbers(7) + "00000005 0000001C " + Numbers(7);
        List<string> lines = Send("00000005 00000001 C0000202 00000007 00000001 00000001 00000001 00000002 000000FC 00000001 00000003 00000005 " + counters);
        Assert.Equal(["interface", "ethernet", "processor", "vlan"], lines.Select(line => Property(line, "block")));
        Assert.Equal(
            """{"type":"counters","received":"2023-11-14T22:13:21.250000Z","exporter":"192.0.2.1","agent":"192.0.2.2","sub_agent":7,"source_type":0,"source_index":3,"block":"interface","ifIndex":3,"ifType":6,"ifSpeed":1000000000,"ifDirection":1,"ifStatus":3,"ifInOctets":5000000000,"ifInUcastPkts":1,"ifInMulticastPkts":2,"ifInBroadcastPkts":3,"ifInDiscards":4,"ifInErrors":5,"ifInUnknownProtos":6,"ifOutOctets":7,"ifOutUcastPkts":8,"ifOutMulticastPkts":9,"ifOutBroadcastPkts":10,"ifOutDiscards":11,"ifOutErrors":12,"ifPromiscuousMode":0}""",
            lines[0]);
        Assert.Equal(("1", "13"), (Property(lines[1], "dot3StatsAlignmentErrors"), Property(lines[1], "dot3StatsSymbolErrors")));
        Assert.Equal("25769803783", Property(lines[2], "free_memory")); // 6 << 32 | 7
        Assert.Equal(("1", "8589934595", "7"), (Property(lines[3], "vlan_id"), Property(lines[3], "octets"), Property(lines[3], "discards")));
    }

    [Fact]
    public void Counters_of_sflow_4_are_the_same()
    {
        List<string> lines = Send("00000004 00000001 C0000202 00000001 00000001 00000001 00000002 00000001 00000003 00000014 00000002 " + Interface + Numbers(13));
        Assert.Equal(["interface", "ethernet"], lines.Select(line => Property(line, "block")));
        Assert.Equal("5000000000", Property(lines[0], "ifInOctets"));
    }

    [Theory]
    [InlineData("00000002 00000008 00000001 00000003", DecodeError.Truncated)]
    [InlineData("00000002 0000000C 00000001 00000003 FFFFFFFF", DecodeError.BadSample)]
    [InlineData("00000002 00000014 00000001 00000003 00000001 00000001 000000FF", DecodeError.BadSample)]
    public void Damaged_counters_are_an_error_for_those_who_want_them(string sample, DecodeError error)
    {
        string datagram = "00000005 00000001 C0000202 00000007 00000001 00000001 00000001 " + sample;
        Assert.Empty(Send(datagram));
        Assert.Equal(1ul, _decoder.Exporters.ErrorCount(error));
    }

    // Ten thousand names in a second, from one datagram each of 64 KiB, do not grow for ever.
    [Fact]
    public void Notes_of_a_datagram_are_bounded_and_the_rest_counted()
    {
        Send("000A 0000 655FC000 00000001 00000007 0003 0012 0102 0002 0001 00EA 0004 00EC 0001 ");
        string records = string.Concat(Enumerable.Range(0, 12_000).Select(i => i.ToString("X8", null) + "41"));
        List<string> lines = Send("000A 0000 655FC000 00000001 00000007 0102 " + (4 + 12_000 * 5).ToString("X4", null) + records);
        Assert.Equal(4096, lines.Count);
        Assert.Equal(1ul, _decoder.Notes.Dropped);
        Assert.Single(Send("000A 0000 655FC000 00000001 00000007 0102 0009 FF000000 42"));
    }

    [Fact]
    public void Nobody_who_does_not_want_them_pays_for_them()
    {
        _decoder.KeepsNotes = false;
        Assert.Empty(Send("00000004 00000001 C0000202 00000001 00000001 00000001 00000002 00000001 00000003 00000014 00000001 " + Interface));
        Assert.Empty(_decoder.Notes.Notes);
    }

    // A line of flows may have conditions that say nothing of exporters.
    [Fact]
    public void Notes_go_to_lines_of_notes_alone()
    {
        using var worker = new SmallWorker("listen on 127.0.0.1:9995\nlogfile \"/nowhere/flows\" tag 5\nlogfile \"/nowhere/notes\" notes\nlogfile \"/nowhere/others\" notes from 10.0.0.0/8\n");
        worker.Subjects.Decoder.KeepsNotes = worker.Subjects.Pipeline.Policy.KeepsNotes;
        worker.Receive(Convert.FromHexString("000A002B655FC0000000000100000007" + "00030012010200020001" + "00EA000400EC0001" + "010200090000000541"));
        Assert.Equal((1ul, 0ul), (worker.Subjects.Logs.NoteCounters.RecordsAppended, worker.Subjects.Logs.Counters.RecordsAppended));
    }

    private const string Interface = "00000003 00000006 000000003B9ACA00 00000001 00000003 000000012A05F200 00000001 00000002 00000003 00000004 00000005 00000006 "
        + "0000000000000007 00000008 00000009 0000000A 0000000B 0000000C 00000000 ";

    private static string Numbers(int count) => string.Concat(Enumerable.Range(1, count).Select(i => i.ToString("X8", null)));

    private static string Property(string line, string name)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty(name).ToString();
    }

    // The length of an IPFIX message is put in.
    private List<string> Send(string hex)
    {
        byte[] datagram = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        if (datagram[1] == 10)
            (datagram[2], datagram[3]) = ((byte)(datagram.Length >> 8), (byte)(datagram.Length & 0xFF));
        _batch.Clear();
        _decoder.Decode(datagram, new DatagramOrigin(Exporter, 1_700_000_001, 250_000), _batch);
        List<string> lines = Lines();
        while (_decoder.TryDecodePending(_batch, out _))
            lines.AddRange(Lines());
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        return lines;
    }

    private List<string> Lines()
    {
        var lines = new List<string>();
        var text = new Utf8Buffer();
        foreach (ExporterNote note in _decoder.Notes.Notes)
        {
            text.Clear();
            if (NoteJson.Write(text, in note, _decoder.Notes.OctetsOf(in note), in Exporter, 1_700_000_001, 250_000, new TimeText(TimeZoneInfo.Utc)))
                lines.Add(Encoding.UTF8.GetString(text.Written).TrimEnd('\n'));
        }

        return lines;
    }
}
