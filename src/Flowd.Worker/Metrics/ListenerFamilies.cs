using System;
using Flowd.Platform;
using Flowd.Receive;

namespace Flowd.Worker.Metrics;

/// <summary>Families with a sample for each `listen on` line.</summary>
internal static class ListenerFamilies
{
    public static readonly MetricFamily[] Table =
    [
        Counter("flowd_listener_datagrams_total", "Datagrams received.", static listener => listener.Datagrams),
        Counter("flowd_listener_bytes_total", "Octets of the datagrams received.", static listener => listener.Octets),
        Counter("flowd_listener_kernel_dropped_datagrams_total", "Datagrams that the kernel dropped because the receive buffer was full.", static listener => listener.Dropped),
        Counter("flowd_listener_truncated_datagrams_total", "Datagrams that were cut on reception.", static listener => listener.Truncated),
        Counter("flowd_listener_refused_datagrams_total", "Datagrams of another protocol than the listener takes.", static listener => listener.Refused),
        MetricFamily.Gauge("flowd_listener_receive_buffer_asked_bytes", "Receive buffer that was asked for.", WriteAsked),
        MetricFamily.Gauge("flowd_listener_receive_buffer_bytes", "Receive buffer that the kernel granted.", WriteGranted),
    ];

    private static MetricFamily Counter(string name, string help, Func<Listener, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Listeners.Write(text, value));

    // Lines that share a socket have one buffer: the first one's.
    private static void WriteAsked(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in view.Listeners.Series)
            text.Add(series.Labels, (long)view.Pipeline.Policy.BufferAskedBy(series.Items[0]));
    }

    private static void WriteGranted(MetricsView view, MetricsText text)
    {
        foreach (Series<Listener> series in view.Listeners.Series)
            text.Add(series.Labels, (long)DatagramSocket.ReceiveBufferOf(series.Items[0].Socket));
    }
}
