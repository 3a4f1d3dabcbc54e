using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Wrapped = Microsoft.Extensions.Options.Options;

namespace Flowd.MetricsProcess;

/// <summary>Kestrel on sockets that it was given, HTTP/1.1 only, with every limit said here: who may connect need not be a friend.</summary>
internal static class MetricsServer
{
    private const int MostConnections = 64;
    private const int LongestRequestLine = 1024;
    private const int LongestHeaders = 8192;
    private const int MostHeaders = 50;

    /// <summary>Starts serving; the server goes on until the process ends, and owns the sockets from then on.</summary>
    public static void Start(IEnumerable<SafeFileHandle> listeners, ScrapeApplication application)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        Limit(options.Limits);
        foreach (SafeFileHandle listener in listeners)
        {
            options.ListenHandle((ulong)listener.DangerousGetHandle(), static endpoint => endpoint.Protocols = HttpProtocols.Http1);
            listener.SetHandleAsInvalid(); // it is Kestrel's now
        }

        var transport = new SocketTransportFactory(Wrapped.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Wrapped.Create(options), transport, NullLoggerFactory.Instance);
        server.StartAsync(application, CancellationToken.None).GetAwaiter().GetResult();
    }

    // A peer that sends nothing, or little at a time, has its place for ten seconds; Prometheus connects again for each scrape then.
    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = LongestRequestLine;
        limits.MaxRequestHeadersTotalSize = LongestHeaders;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.MaxRequestBufferSize = LongestRequestLine + LongestHeaders;
        limits.MaxRequestBodySize = 0;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
    }
}
