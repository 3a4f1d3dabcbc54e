using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Flowd.Tests;

/// <summary>Metrics through all processes: what an exporter sends shows at the other end, whatever becomes of the processes between.</summary>
public class MetricsTests
{
    [Fact]
    public void What_was_received_stored_and_lost_can_be_scraped_over_tcp_and_a_local_socket()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Start(Configuration(port) + "metrics on \"{dir}/metrics\"\n");
        flowd.Send(Exports.Numbered(1), Exports.Numbered(4), Exports.NetFlow9);
        flowd.WaitForRecords(3);

        string text = Get($"http://127.0.0.1:{port}/metrics");
        Assert.Contains("flowd_stream_records_total{exporter=\"127.0.0.1\",version=\"5\"", text, StringComparison.Ordinal);
        Assert.Equal(2, Value(text, "flowd_stream_lost_units{exporter=\"127.0.0.1\",version=\"5\""));
        Assert.Equal(1, Value(text, "flowd_stream_records_total{exporter=\"127.0.0.1\",version=\"9\""));
        Assert.Equal(3, Value(text, "flowd_log_records_total"));
        Assert.Equal(3, Regex.Count(text, "^flowd_process_resident_memory_bytes{role=\"(monitor|worker|metrics)\"} [1-9]", RegexOptions.Multiline));
        Assert.Equal("ok\n", Get("http://any/healthz", Path.Combine(flowd.Folder, "metrics")));

        Assert.Equal(0, flowd.Stop());
        Assert.False(File.Exists(Path.Combine(flowd.Folder, "metrics")));
    }

    [Fact]
    public void Processes_that_die_are_replaced_and_a_dead_worker_shows()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Start(Configuration(port));
        flowd.WaitFor("metrics on");
        Processes.Signal(flowd.ChildOf("worker"), "KILL");
        flowd.WaitFor("starting another");
        flowd.Until(() => Value(Get($"http://127.0.0.1:{port}/metrics"), "flowd_worker_restarts_total") == 1, () => "no restart shows", mayEnd: false);
        flowd.Until(() => Get($"http://127.0.0.1:{port}/healthz") == "ok\n", () => "not healthy again", mayEnd: false);

        Processes.Signal(flowd.ChildOf("metrics"), "KILL");
        flowd.WaitFor("the process that serves metrics failed (signal 9");
        flowd.WaitFor("metrics on", times: 2);
        Assert.Equal(1, Value(Get($"http://127.0.0.1:{port}/metrics"), "flowd_worker_up"));
    }

    [Fact]
    public void They_are_served_to_who_debugs_without_sandbox()
    {
        int port = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Start(Configuration(port), null, "-X", "NOSANDBOX");
        flowd.WaitFor("metrics on");
        Assert.Equal("ok\n", Get($"http://127.0.0.1:{port}/healthz"));
    }

    [Fact]
    public void A_reload_moves_them_and_a_wrong_one_leaves_them()
    {
        int first = FreePort.Take();
        int second = FreePort.Take();
        using RunningFlowd flowd = RunningFlowd.Start(Configuration(first));
        flowd.WaitFor("metrics on");

        flowd.Reconfigure(Configuration(second));
        flowd.WaitFor("metrics on", times: 2);
        Assert.Equal("ok\n", Get($"http://127.0.0.1:{second}/healthz"));
        Assert.ThrowsAny<Exception>(() => Get($"http://127.0.0.1:{first}/healthz"));

        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        flowd.Reconfigure(Configuration(((System.Net.IPEndPoint)taken.LocalEndpoint).Port));
        flowd.WaitFor("the configuration in force stays in force");
        Assert.Equal("ok\n", Get($"http://127.0.0.1:{second}/healthz"));

        flowd.Reconfigure("store ALL");
        flowd.WaitFor("the new configuration is in force", times: 2);
        Assert.ThrowsAny<Exception>(() => Get($"http://127.0.0.1:{second}/healthz"));
        Assert.Single(flowd.Children());
    }

    private static string Configuration(int port) => $"metrics on 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}\nstore ALL\n";

    // The role is an argument of the worker, and the name of the other program.
    private static double Value(string text, string series)
        => double.Parse(text.Split('\n').Single(line => line.StartsWith(series, StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);

    private static string Get(string address, string? socketPath = null)
    {
        using var handler = new SocketsHttpHandler();
        if (socketPath is not null)
            handler.ConnectCallback = async (_, cancellation) => await Connect(socketPath).ConfigureAwait(false);
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        using HttpResponseMessage response = client.GetAsync(new Uri(address), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    private static async Task<Stream> Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
