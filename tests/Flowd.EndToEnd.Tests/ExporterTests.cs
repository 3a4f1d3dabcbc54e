using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>
/// Real traffic on loopback, captured by tcpdump, exported by softflowd, counted by tshark: packets, octets and flows in our log equal what the
/// capture holds. Needs these programs, and the right to capture.
/// </summary>
public sealed class ExporterTests : IClassFixture<ExporterTests.Capture>
{
    private readonly Capture _capture;

    public ExporterTests(Capture capture) => _capture = capture;

    public static TheoryData<int, string, string, string> Exports
    {
        get
        {
            var data = new TheoryData<int, string, string, string>();
            foreach ((int version, string transport) in ((int, string)[])[(1, "udp"), (5, "udp"), (9, "udp"), (10, "udp"), (10, "tcp")])
            {
                data.Add(version, transport, "127.0.0.1", "127.0.0.1");
                data.Add(version, transport, "[::1]", "::1");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Exports))]
    public void Flows_equal_what_tshark_counts(int version, string transport, string target, string listen)
    {
        string softflowd = Tool.Installed("softflowd");
        Dictionary<string, (ulong Packets, ulong Octets)> expected = _capture.Flows(ipv6: version >= 9);
        string address = listen.Contains(':', StringComparison.Ordinal) ? $"[{listen}]" : listen;
        using RunningFlowd flowd = RunningFlowd.Start($"listen on {address}:{{port}}{(transport == "tcp" ? " tcp" : "")}\nstore ALL");

        // Without "-c none" softflowd may wait for its control socket for ever when it reads a file: it looks at a variable that it never set.
        ToolResult export = Tool.Run(softflowd, "-r", _capture.Path, "-n", $"{target}:{flowd.Port}", "-v", version.ToString(CultureInfo.InvariantCulture),
            "-P", transport, "-d", "-c", "none", "-p", Path.Combine(flowd.Folder, "softflowd.pid"));
        Assert.True(export.Status == 0, export.Errors);
        List<FlowRecord> records = flowd.WaitForRecords(expected.Count);

        Assert.Equal(Sorted(expected), Sorted(Sum(records)));
        Assert.Equal(expected.Count, records.Count);
    }

    [Theory]
    [InlineData("0.0.0.0", "239.7.7.9", "239.7.7.9")]
    [InlineData("0.0.0.0", "239.7.7.9 on mc0", "239.7.7.9")]
    [InlineData("0.0.0.0", "239.7.7.9%mc0", "239.7.7.9")]
    [InlineData("[::]", "ff02::114%mc0", "[ff02::114%mc0]")]
    [InlineData("[::]", "ff02::114 on mc0", "[ff02::114%mc0]")]
    public void Flows_arrive_by_a_multicast_group(string any, string group, string target)
    {
        string unshare = Tool.Installed("unshare");
        Tool.Installed("ip");
        if (Tool.Run(unshare, "--map-root-user", "--net", "true").Status != 0)
            Assert.Skip("may not make a network of its own");
        Dictionary<string, (ulong Packets, ulong Octets)> expected = _capture.Flows(ipv6: true);
        string folder = RunningFlowd.NewFolder();
        string configuration = Path.Combine(folder, "flowd.conf");
        string log = Path.Combine(folder, "log");
        File.WriteAllText(configuration, $"listen on {any}:2055\njoin group {group}\nlogfile \"{log}\"\npidfile \"{folder}/pid\"\nstatefile \"{folder}/state\"\nstore ALL\n");

        ToolResult result = Tool.Run(unshare, "--map-root-user", "--net", "/bin/sh", Path.Combine(AppContext.BaseDirectory, "multicast.sh"),
            Tool.Published("flowd"), Tool.Installed("softflowd"), _capture.Path, configuration, $"{target}:2055", log,
            expected.Count.ToString(CultureInfo.InvariantCulture));

        Assert.True(result.Status == 0, result.Errors);
        Assert.Equal(Sorted(expected), Sorted(Sum(RunningFlowd.ReadLog(log))));
        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<string> Sorted(Dictionary<string, (ulong Packets, ulong Octets)> flows)
        => flows.Select(flow => $"{flow.Key} {flow.Value.Packets} packets {flow.Value.Octets} octets").Order(StringComparer.Ordinal);

    private static Dictionary<string, (ulong Packets, ulong Octets)> Sum(IEnumerable<FlowRecord> records)
        => records.GroupBy(record => $"{record.Protocol} {record.SourceAddress} {record.SourcePort} {record.DestinationAddress} {record.DestinationPort}")
            .ToDictionary(flow => flow.Key, flow => (flow.Aggregate(0ul, (sum, record) => sum + record.Packets), flow.Aggregate(0ul, (sum, record) => sum + record.Octets)));

    /// <summary>Some TCP connections and UDP datagrams over both families, captured once for all tests.</summary>
    public sealed class Capture : IDisposable
    {
        private readonly string _folder = RunningFlowd.NewFolder();
        private readonly Lazy<string> _path;

        public Capture() => _path = new Lazy<string>(Make);

        public string Path => _path.Value;

        /// <summary>Packets and octets (of the IP packets) of each direction of each conversation, as tshark counts them.</summary>
        public Dictionary<string, (ulong Packets, ulong Octets)> Flows(bool ipv6)
        {
            string[] fields = ["ip.proto", "ip.src", "ip.dst", "ip.len", "ipv6.nxt", "ipv6.src", "ipv6.dst", "ipv6.plen", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport"];
            ToolResult result = Tool.Run(Tool.Installed("tshark"), ["-r", Path, "-T", "fields", .. fields.SelectMany(field => (string[])["-e", field])]);
            var flows = new Dictionary<string, (ulong Packets, ulong Octets)>();
            foreach (string[] row in result.Lines.Select(line => line.Split('\t')))
            {
                bool isIPv6 = row[0].Length == 0;
                if (isIPv6 && !ipv6)
                    continue;
                int at = isIPv6 ? 4 : 0;
                ulong octets = ulong.Parse(row[at + 3], CultureInfo.InvariantCulture) + (isIPv6 ? 40ul : 0);
                string key = $"{row[at]} {row[at + 1]} {row[8]}{row[10]} {row[at + 2]} {row[9]}{row[11]}";
                (ulong packets, ulong sum) = flows.GetValueOrDefault(key);
                flows[key] = (packets + 1, sum + octets);
            }

            Assert.NotEmpty(flows);
            return flows;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private string Make()
        {
            string path = System.IO.Path.Combine(_folder, "capture.pcap");
            int port = FreePort.Take();
            using Process tcpdump = Tool.Start(Tool.Installed("tcpdump"), ["-i", "lo", "-w", path, "-U", "-s", "200", $"port {port}"]);
            string started = tcpdump.StandardError.ReadLine() ?? "";
            if (!started.Contains("listening", StringComparison.Ordinal) && tcpdump.WaitForExit(500))
                Assert.Skip($"may not capture: {started}");
            Thread.Sleep(500);
            foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
                Talk(address, port);
            Thread.Sleep(1000);
            Tool.Run("/bin/kill", "-INT", tcpdump.Id.ToString(CultureInfo.InvariantCulture));
            tcpdump.WaitForExit();
            return path;
        }

        private static void Talk(IPAddress address, int port)
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            for (int i = 1; i <= 5; i++)
            {
                using var client = new TcpClient(address.AddressFamily);
                client.Connect(address, port);
                using TcpClient server = listener.AcceptTcpClient();
                client.GetStream().Write(new byte[i * 3000]);
                server.GetStream().Write(new byte[i * 100]);
                server.GetStream().ReadExactly(new byte[i * 3000]);
                client.GetStream().ReadExactly(new byte[i * 100]);
            }

            using var receiver = new UdpClient(new IPEndPoint(address, port));
            using var sender = new UdpClient(address.AddressFamily);
            for (int i = 0; i < 10; i++)
                sender.Send(new byte[100 + i], new IPEndPoint(address, port));
        }
    }
}
