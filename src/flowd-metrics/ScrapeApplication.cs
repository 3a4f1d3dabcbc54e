using System;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Flowd.MetricsProcess;

/// <summary>Answers requests: /metrics, /healthz, and nothing else. It formats nothing and parses nothing; Kestrel has read the request.</summary>
internal sealed class ScrapeApplication(SnapshotSource source) : IHttpApplication<IFeatureCollection>
{
    /// <summary>The text exposition format of Prometheus.</summary>
    private const string MetricsType = "text/plain; version=0.0.4; charset=utf-8";

    private const string PlainType = "text/plain; charset=utf-8";

    /// <summary>What is handed to Kestrel at a time; it makes a copy of what a slow peer has not taken.</summary>
    private const int LargestPiece = 32 * 1024;

    /// <summary>For all of an answer, so that a peer that hardly reads cannot keep old snapshots in memory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        using var time = new CancellationTokenSource(Patience);
        try
        {
            await AnswerAsync(context, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        }
    }

    private Task AnswerAsync(IFeatureCollection context, CancellationToken time)
    {
        IHttpRequestFeature request = context.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Path is not "/metrics" and not "/healthz")
            return SendAsync(context, 404, "not found\n", time);
        if (request.Method is not "GET" and not "HEAD")
        {
            context.GetRequiredFeature<IHttpResponseFeature>().Headers.Allow = "GET, HEAD";
            return SendAsync(context, 405, "GET and HEAD only\n", time);
        }

        return request.Path == "/metrics" ? SendMetricsAsync(context, time) : SendHealthAsync(context, time);
    }

    // What there was before goes out as an error: Prometheus drops it, a person may want to see it.
    private async Task SendMetricsAsync(IFeatureCollection context, CancellationToken time)
    {
        Snapshot? snapshot = await source.GetAsync().ConfigureAwait(false);
        byte[] worker = snapshot?.Worker ?? [];
        byte[] added = (snapshot ?? source.Latest)?.Added ?? [];
        await SendAsync(context, snapshot is null ? 503 : 200, MetricsType, worker, added, time).ConfigureAwait(false);
    }

    private async Task SendHealthAsync(IFeatureCollection context, CancellationToken time)
    {
        (int status, string text) = await source.GetAsync().ConfigureAwait(false) switch
        {
            null => (503, "no answer from flowd\n"),
            { IsWorkerRunning: false } => (503, "no worker is running\n"),
            { Missing: { } worker } => (503, $"worker {worker} is not running\n"),
            _ => (200, "ok\n"),
        };
        await SendAsync(context, status, text, time).ConfigureAwait(false);
    }

    private static Task SendAsync(IFeatureCollection context, int status, string text, CancellationToken time)
        => SendAsync(context, status, PlainType, Encoding.UTF8.GetBytes(text), default, time);

    private static async Task SendAsync(
        IFeatureCollection context, int status, string type, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, CancellationToken time)
    {
        IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentType = type;
        response.Headers.ContentLength = (long)first.Length + second.Length;
        if (context.GetRequiredFeature<IHttpRequestFeature>().Method == "HEAD")
            return;
        PipeWriter body = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        await WriteAsync(body, first, time).ConfigureAwait(false);
        await WriteAsync(body, second, time).ConfigureAwait(false);
    }

    private static async Task WriteAsync(PipeWriter body, ReadOnlyMemory<byte> octets, CancellationToken time)
    {
        for (int length; octets.Length > 0; octets = octets[length..])
        {
            length = Math.Min(octets.Length, LargestPiece);
            await body.WriteAsync(octets[..length], time).ConfigureAwait(false);
        }
    }
}
