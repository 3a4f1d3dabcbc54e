using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Flowd.Records;
using Flowd.Worker.Metrics;

namespace Flowd.Tests;

/// <summary>The metrics as text. To accept new output: FLOWD_UPDATE_GOLDEN=1 dotnet test, then review the diff.</summary>
public class MetricsReportTests
{
    private const string Configuration = """
        listen on 127.0.0.1:2055 bufsize 65536
        listen on [fe80::1%eth0]:2055
        forward to 127.0.0.1:9
        flow source 192.0.2.0/24
        logfile "/var/log/flowd"
        discard proto udp
        accept tag 1 quick label "web" dst any port 443 proto tcp
        """;

    private static readonly string Golden = Path.Combine(SharedData.RepositoryRoot, "tests", "Flowd.Worker.Tests", "golden", "metrics.txt");

    [Fact]
    public void A_small_state_is_the_golden_text()
    {
        using SmallWorker worker = Fed();

        string text = worker.Text();

        if (Environment.GetEnvironmentVariable("FLOWD_UPDATE_GOLDEN") == "1")
            File.WriteAllText(Golden, text);
        Assert.Equal(File.ReadAllText(Golden), text);
    }

    [Fact]
    public void Every_family_has_help_and_type_and_stands_together()
    {
        using SmallWorker worker = Fed();

        Exposition read = Exposition.Read(worker.Text());

        Assert.Equal(MetricFamilies.All.Select(family => family.Name), read.Types.Keys);
        Assert.All(MetricFamilies.All, family => Assert.Equal(family.Type == MetricType.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal)));
        Assert.All(MetricFamilies.All, family => Assert.DoesNotContain(family.Help, character => character is '\\' or '\n'));
    }

    [Fact]
    public void Promtool_finds_nothing_to_complain_of()
    {
        string promtool = Tool.Installed("promtool");
        using SmallWorker worker = Fed();
        string file = Path.GetTempFileName();
        File.WriteAllText(file, worker.Text());

        ToolResult result = Tool.Run("/bin/sh", "-c", "exec \"$0\" check metrics <\"$1\"", promtool, file);

        File.Delete(file);
        Assert.Equal((0, "", ""), (result.Status, result.Output, result.Errors));
    }

    [Fact]
    public void Numbers_are_those_that_were_counted()
    {
        using SmallWorker worker = Fed();

        Exposition read = Exposition.Read(worker.Text());

        (string, string)[] stream = [("exporter", "192.0.2.1"), ("version", "5"), ("domain", "263")];
        Assert.Equal(2, read["flowd_stream_datagrams_total", stream]);
        Assert.Equal(144, read["flowd_stream_bytes_total", stream]);
        Assert.Equal(1, read["flowd_stream_sequence_gaps_total", stream]);
        Assert.Equal(9, read["flowd_stream_lost_units", [.. stream, ("unit", "flows")]]);
        Assert.Equal(1, read["flowd_unauthorised_datagrams_total"]);
        Assert.Equal(1, read["flowd_decode_errors_total", ("error", "unknown_version")]);
        Assert.Equal(65_536, read["flowd_listener_receive_buffer_bytes", ("listener", "[127.0.0.1]:2055")]);
        Assert.Equal(0, read["flowd_snapshot_left_out_families"]);
    }

    [Fact]
    public void Any_text_comes_back_from_a_label()
        => Gen.String.Array[1, 4].Sample(values =>
        {
            (string, string)[] labels = [.. values.Select((value, i) => ($"label_{i}", value))];

            Sample read = Exposition.ReadSample($"name{{{Encoding.UTF8.GetString(MetricLabels.Of(labels))}}} 1");

            // A half of a surrogate pair is no text; UTF-8 has a mark for it.
            Assert.Equal(values.Select(value => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value))), labels.Select(label => read.Labels[label.Item1]));
        });

    [Theory]
    [InlineData("UnknownTemplate", "unknown_template")]
    [InlineData("Flows", "flows")]
    public void Names_become_label_values(string name, string expected) => Assert.Equal(expected, MetricLabels.SnakeCase(name));

    [Fact]
    public void Beyond_a_thousand_exporters_the_least_recently_used_are_added_up()
    {
        using var worker = new SmallWorker("listen on 127.0.0.1:2055\nlogfile \"/log\"\n");
        for (uint i = 0; i < 1500; i++)
            worker.Receive(Exports.Numbered(0), Address.FromIPv4(0x0A000000 + i));

        Exposition read = Exposition.Read(worker.Text());

        Assert.Equal(500, read["flowd_streams_folded"]);
        Assert.Equal(500, read["flowd_exporters_folded"]);
        Assert.Equal(1001, read.Samples.Count(sample => sample.Name == "flowd_stream_datagrams_total"));
        Assert.Equal(500, read["flowd_stream_datagrams_total", ("exporter", "other")]);
        Assert.Equal(1, read["flowd_stream_datagrams_total", ("exporter", "10.0.5.219"), ("version", "5"), ("domain", "263")]);
        Assert.DoesNotContain(read.Samples, sample => sample.Labels.GetValueOrDefault("exporter") == "10.0.0.0");
    }

    [Fact]
    public void Beyond_a_thousand_rules_the_last_are_added_up()
    {
        string rules = string.Concat(Enumerable.Range(0, 1200).Select(i => $"discard in_ifndx {i + 1} src 10.0.{i / 256}.{i % 256}\n"));
        using var worker = new SmallWorker("listen on 127.0.0.1:2055\nlogfile \"/log\"\n" + rules);
        worker.Receive(Exports.Numbered(0));

        Exposition read = Exposition.Read(worker.Text());

        Assert.Equal(1200, read["flowd_rules"]);
        Assert.Equal(200, read["flowd_rules_folded"]);
        Assert.Equal(200, read["flowd_rule_evaluations_total", ("rule", "other")]);
        Sample last = Assert.Single(read.Samples, sample => sample.Name == "flowd_rule_evaluations_total" && sample.Labels["rule"] == "999");
        Assert.StartsWith("discard in_ifndx 1000 src 10.0.3.231", last.Labels["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_rule_is_cut()
    {
        string rule = "discard quick agent 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff src 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff port 65535 dst 2001:db8::1 port 1 proto tcp";
        using var worker = new SmallWorker($"listen on 127.0.0.1:2055\nlogfile \"/log\"\n{rule}\n");

        Sample sample = Exposition.Read(worker.Text()).Samples.Single(sample => sample.Name == "flowd_rule_wins_total");

        Assert.Equal(100, sample.Labels["text"].Length);
        Assert.StartsWith("discard quick agent 2001:db8:ffff:", sample.Labels["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_by_whole_families_and_counted()
    {
        using SmallWorker worker = Fed();
        int length = worker.Text().Length;

        for (int most = 256; most <= length + 256; most += 97)
        {
            string text = worker.Text(most);
            Exposition read = Exposition.Read(text);

            Assert.InRange(text.Length, 1, most);
            Assert.Equal(MetricFamilies.All.Length - read.Types.Count, read["flowd_snapshot_left_out_families"]);
        }
    }

    [Fact]
    public void Lines_that_share_a_socket_share_a_series()
    {
        using var worker = new SmallWorker("listen on 127.0.0.1:2055\nlisten on 127.0.0.1:2055\nforward to 127.0.0.1:9\nforward to 127.0.0.1:9\nlogfile \"/log\"\n");
        worker.Receive(Exports.Numbered(0));

        Exposition read = Exposition.Read(worker.Text());

        Assert.Equal(1, read["flowd_listener_datagrams_total", ("listener", "[127.0.0.1]:2055")]);
        Assert.Equal(2, read.Samples.Where(sample => sample.Name.StartsWith("flowd_forward_", StringComparison.Ordinal)).Sum(sample => sample.Value));
    }

    // Two v5 datagrams with a gap, one of each other protocol, rubbish, and a stranger.
    private static SmallWorker Fed()
    {
        var worker = new SmallWorker(Configuration);
        worker.Receive(Exports.Numbered(100));
        worker.Receive(Exports.Numbered(110));
        foreach (byte[] datagram in (byte[][])[Exports.NetFlow1, Exports.NetFlow7, Exports.NetFlow9, Exports.Ipfix])
            worker.Receive(datagram, Address.FromIPv4(0xC0000202));
        byte[] rubbish = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(rubbish, 77);
        worker.Receive(rubbish);
        worker.Receive(rubbish, Address.FromIPv4(0x0A000001));
        return worker;
    }
}
