using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Receive.Sessions;

namespace Flowd.Worker.Metrics;

/// <summary>Families with a sample for each `listen on` line.</summary>
internal static class ListenerFamilies
{
    private static readonly (SessionEnd End, byte[] Label)[] Ends =
        [.. Enum.GetValues<SessionEnd>().Where(end => end != SessionEnd.None).Select(end => (end, MetricLabels.Of(("reason", MetricLabels.SnakeCase(end.ToString())))))];

    public static readonly MetricFamily[] Table =
    [
        Counter("flowd_listener_datagrams_total", "Datagrams received.", static listener => listener.Datagrams),
        Counter("flowd_listener_bytes_total", "Octets of the datagrams received.", static listener => listener.Octets),
        Counter("flowd_listener_kernel_dropped_datagrams_total", "Datagrams that the kernel dropped because the receive buffer was full.", static listener => listener.Dropped),
        Counter("flowd_listener_truncated_datagrams_total", "Datagrams that were cut on reception.", static listener => listener.Truncated),
        Counter("flowd_listener_refused_datagrams_total", "Datagrams of another protocol than the listener takes.", static listener => listener.Refused),
        MetricFamily.Gauge("flowd_listener_receive_buffer_asked_bytes", "Receive buffer that was asked for.", WriteAsked),
        MetricFamily.Gauge("flowd_listener_receive_buffer_bytes", "Receive buffer that the kernel granted.", WriteGranted),
        MetricFamily.Gauge("flowd_listener_connections", "Connections that are open.", WriteOpen),
        MetricFamily.Counter("flowd_listener_connections_opened_total", "Connections that were taken.", WriteOpened),
        MetricFamily.Counter("flowd_listener_connections_ended_total", "Connections that ended, or were not taken, by reason; one that never occurred is not listed.",
            static (view, text) => view.Listeners.WriteOccurred(text, Ends, static (listener, end) => listener.Sessions?.EndCount(end) ?? 0)),
    ];

    private static MetricFamily Counter(string name, string help, Func<Listener, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Listeners.Write(text, value));

    // Lines that share a socket have one buffer: the first one's. Connections wait in buffers of their own.
    private static void WriteAsked(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in view.Listeners.Series.Where(static series => series.Items[0].Sessions is null))
            text.Add(series.Labels, (long)view.Pipeline.Policy.BufferAskedBy(series.Items[0]));
    }

    private static void WriteGranted(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in view.Listeners.Series.Where(static series => series.Items[0].Sessions is null))
            text.Add(series.Labels, (long)DatagramSocket.ReceiveBufferOf(series.Items[0].Socket));
    }

    private static void WriteOpen(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in OfConnections(view))
            text.Add(series.Labels, (long)Sum(series, static sessions => sessions.Open));
    }

    private static void WriteOpened(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in OfConnections(view))
            text.Add(series.Labels, Sum(series, static sessions => sessions.Opened));
    }

    private static IEnumerable<Series<Listener>> OfConnections(MetricsView view)
        => view.Listeners.Series.Where(static series => series.Items.Exists(static listener => listener.Sessions is not null));

    private static ulong Sum(Series<Listener> series, Func<SessionCounters, ulong> value)
        => series.Sum(listener => listener.Sessions is { } sessions ? value(sessions) : 0);
}
