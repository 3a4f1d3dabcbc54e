using System;
using Flowd.Receive;

namespace Flowd.Worker.Metrics;

/// <summary>Families about the logs, the log socket and the forward targets.</summary>
internal static class SinkFamilies
{
    public static readonly MetricFamily[] Table =
    [
        MetricFamily.Counter("flowd_log_records_total", "Records appended to logs, those included that still wait. One flow counts for every log that it goes to.", static view => view.Subjects.Logs.Counters.RecordsAppended),
        MetricFamily.Counter("flowd_log_written_bytes_total", "Octets written to logs.", static view => view.Subjects.Logs.Counters.BytesWritten),
        MetricFamily.Counter("flowd_log_failed_writes_total", "Writes to logs that failed and were tried again.", static view => view.Subjects.Logs.Counters.FailedFlushes),
        MetricFamily.Gauge("flowd_log_waiting_bytes", "Octets that wait to be written to logs.", static view => view.Subjects.Logs.Pending),
        MetricFamily.Counter("flowd_log_lost_records_total", "Records lost because too much waited to be written, or too many files were open.", static view => view.Subjects.Logs.RecordsLost),
        MetricFamily.Counter("flowd_log_syncs_total", "Times that the disk was waited for, fsync(2).", static view => view.Subjects.Logs.Counters.Syncs),
        MetricFamily.Counter("flowd_log_rotations_total", "Files of logs that were gone on from, to the next one.", static view => view.Subjects.Logs.Rotations),
        MetricFamily.Gauge("flowd_log_files", "Files that are open for logs, or wanted.", static view => view.Subjects.Logs.Files),
        MetricFamily.Counter("flowd_notes_total", "Notes appended to logs of notes: options and counters that exporters sent.", static view => view.Subjects.Logs.NoteCounters.RecordsAppended),
        MetricFamily.Counter("flowd_notes_lost_total", "Notes lost because too much waited to be written, or a datagram had too many.", static view => view.Subjects.Logs.NoteCounters.RecordsDropped + view.Subjects.Decoder.Notes.Dropped),
        MetricFamily.Counter("flowd_logsock_sent_records_total", "Records sent to the log socket.", static view => view.Subjects.Relay.Sent),
        MetricFamily.Counter("flowd_logsock_lost_records_total", "Records lost because the reader of the log socket was absent or slow.", static view => view.Subjects.Relay.Lost),
        Forward("flowd_forward_sent_datagrams_total", "Datagrams forwarded.", static forwarder => forwarder.Sent),
        Forward("flowd_forward_failed_datagrams_total", "Datagrams that could not be forwarded and were lost for the target.", static forwarder => forwarder.Failed),
        Forward("flowd_forward_withheld_datagrams_total", "Datagrams that were not forwarded because addresses might have stayed in them.", static forwarder => forwarder.Withheld),
    ];

    private static MetricFamily Forward(string name, string help, Func<Forwarder, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Forwarders.Write(text, value));
}
