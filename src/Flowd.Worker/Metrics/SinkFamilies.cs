using System;
using Flowd.Receive;

namespace Flowd.Worker.Metrics;

/// <summary>Families about the log, the log socket and the forward targets.</summary>
internal static class SinkFamilies
{
    public static readonly MetricFamily[] Table =
    [
        MetricFamily.Counter("flowd_log_records_total", "Records appended to the log, those included that still wait.", static view => view.Subjects.Log.RecordsAppended),
        MetricFamily.Counter("flowd_log_written_bytes_total", "Octets written to the log.", static view => view.Subjects.Log.BytesWritten),
        MetricFamily.Counter("flowd_log_failed_writes_total", "Writes to the log that failed and were tried again.", static view => view.Subjects.Log.FailedFlushes),
        MetricFamily.Gauge("flowd_log_waiting_bytes", "Octets that wait to be written to the log.", static view => view.Subjects.Log.Pending),
        MetricFamily.Counter("flowd_log_lost_records_total", "Records lost because too much waited to be written.", static view => view.Subjects.Log.RecordsDropped),
        MetricFamily.Counter("flowd_logsock_sent_records_total", "Records sent to the log socket.", static view => view.Subjects.Relay.Sent),
        MetricFamily.Counter("flowd_logsock_lost_records_total", "Records lost because the reader of the log socket was absent or slow.", static view => view.Subjects.Relay.Lost),
        Forward("flowd_forward_sent_datagrams_total", "Datagrams forwarded.", static forwarder => forwarder.Sent),
        Forward("flowd_forward_failed_datagrams_total", "Datagrams that could not be forwarded and were lost for the target.", static forwarder => forwarder.Failed),
    ];

    private static MetricFamily Forward(string name, string help, Func<Forwarder, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Forwarders.Write(text, value));
}
