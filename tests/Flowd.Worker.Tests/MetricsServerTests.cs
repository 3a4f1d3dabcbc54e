using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Flowd.Platform;

namespace Flowd.Tests;

/// <summary>flowd-metrics alone, as Prometheus sees it, and as somebody sees it who means no good.</summary>
public sealed class MetricsServerTests : IDisposable
{
    private const string Get = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private readonly MetricsServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_scrape_gets_the_worker_s_text_and_then_the_monitor_s()
    {
        using HttpResponseMessage answer = _server.Get("/metrics");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal("# TYPE flowd_x gauge\nflowd_x 1\nflowd_worker_up 1\n", Body(answer));
        Assert.EndsWith("\r\n\r\n# TYPE flowd_x gauge\nflowd_x 1\nflowd_worker_up 1\n", _server.ExchangeLocally(Get), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_locked_in()
        => Assert.Equal(Sandbox.AllFor(Environment.UserName == "root"), _server.Layers);

    [Fact]
    public void A_large_snapshot_comes_whole()
    {
        _server.WorkerText = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300_000).Select(i => $"flowd_x {i}\n")));

        using HttpResponseMessage answer = _server.Get("/metrics");

        Assert.Equal(Encoding.UTF8.GetString(_server.WorkerText) + "flowd_worker_up 1\n", Body(answer));
    }

    [Theory]
    [InlineData("/healthz", 200, "ok\n")]
    [InlineData("/", 404, "not found\n")]
    [InlineData("/metrics/", 404, "not found\n")]
    [InlineData("/../metrics?x", 200, "# TYPE")]
    public void Paths_have_their_answers(string path, int status, string text)
    {
        string answer = _server.Exchange($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n" + text, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_has_no_body()
    {
        string answer = _server.Exchange(Get.Replace("GET", "HEAD", StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 49\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", 405)]
    [InlineData("DELETE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /metrics HTTP/1.1\r\n\r\n", 400)]
    public void What_is_no_scrape_is_refused(string request, int status)
        => Assert.StartsWith($"HTTP/1.1 {status} ", _server.Exchange(request), StringComparison.Ordinal);

    [Fact]
    public void Oversized_requests_are_refused()
    {
        Assert.StartsWith("HTTP/1.1 414 ", _server.Exchange($"GET /{new string('a', 5000)} HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", _server.Exchange($"GET / HTTP/1.1\r\nA: {new string('a', 50_000)}\r\n\r\n"), StringComparison.Ordinal);
        string many = string.Concat(Enumerable.Range(0, 100).Select(i => $"A{i}: b\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", _server.Exchange($"GET / HTTP/1.1\r\n{many}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_scrapes_at_once_share_one_snapshot()
    {
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _server.Exchange(Get))));

        Assert.All(answers, answer => Assert.EndsWith("flowd_worker_up 1\n", answer, StringComparison.Ordinal));
        Assert.InRange(_server.Asked, 1, 10); // one a second, and this machine may be slow
    }

    [Fact]
    public async Task A_hundred_connections_at_once_do_no_harm()
    {
        Socket[] held = [.. Enumerable.Range(0, 100).Select(_ => _server.Connect())];
        string[] answers = await Task.WhenAll(held.Select(socket => Task.Run(() => MetricsServer.Exchange(socket, Get))));
        Close(held);

        Assert.InRange(answers.Count(answer => answer.EndsWith("flowd_worker_up 1\n", StringComparison.Ordinal)), 1, 100);
        AssertServes();
    }

    [Fact]
    public void Peers_that_send_little_at_a_time_lose_their_place()
    {
        Socket[] held = [.. Enumerable.Range(0, 64).Select(_ => _server.Connect())];
        foreach (Socket socket in held)
            socket.Send("GET /metr"u8);

        AssertServes();
        Close(held);
    }

    [Fact]
    public void A_peer_that_does_not_read_keeps_nobody_waiting()
    {
        _server.WorkerText = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500_000).Select(i => $"flowd_x {i}\n")));
        Socket[] held = [.. Enumerable.Range(0, 20).Select(_ => _server.Connect())];
        foreach (Socket socket in held)
            socket.Send(Encoding.UTF8.GetBytes(Get));

        AssertServes();
        Close(held);
    }

    [Fact]
    public void Without_a_worker_the_monitor_s_text_is_served_and_health_is_bad()
    {
        _server.WorkerText = null;

        using HttpResponseMessage metrics = _server.Get("/metrics");
        using HttpResponseMessage health = _server.Get("/healthz");

        Assert.Equal((HttpStatusCode.OK, "flowd_worker_up 0\n"), (metrics.StatusCode, Body(metrics)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no worker is running\n"), (health.StatusCode, Body(health)));
    }

    [Fact]
    public void Without_an_answer_a_scrape_fails_with_what_the_monitor_said_last()
    {
        _server.Get("/metrics").Dispose();
        _server.IsDumb = true;
        Thread.Sleep(1100);

        using HttpResponseMessage metrics = _server.Get("/metrics");
        using HttpResponseMessage health = _server.Get("/healthz");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "flowd_worker_up 1\n"), (metrics.StatusCode, Body(metrics)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no answer from flowd\n"), (health.StatusCode, Body(health)));
        Assert.Equal(2, _server.Asked);
    }

    [Fact]
    public void It_ends_with_the_monitor()
    {
        using Socket held = _server.Connect();

        Assert.Null(_server.EndOfMonitor());
    }

    // The places that others hold become free within ten seconds.
    private void AssertServes()
    {
        long end = Environment.TickCount64 + 15_000;
        string answer;
        do
            answer = _server.Exchange(Get);
        while (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) && Environment.TickCount64 < end);
        Assert.EndsWith("flowd_worker_up 1\n", answer, StringComparison.Ordinal);
    }

    private static string Body(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();

    private static void Close(IEnumerable<Socket> sockets)
    {
        foreach (Socket socket in sockets)
            socket.Dispose();
    }
}
