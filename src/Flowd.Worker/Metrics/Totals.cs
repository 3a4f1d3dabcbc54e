using System;
using System.Linq;
using Flowd.Decode;

namespace Flowd.Worker.Metrics;

/// <summary>Families about the worker as a whole.</summary>
internal static class Totals
{
    public static readonly MetricFamily[] Table =
    [
        MetricFamily.Gauge("flowd_worker_start_time_seconds", "When the worker started, in seconds since 1970-01-01 UTC.", static view => view.StartedSeconds),
        MetricFamily.Counter("flowd_decode_errors_total", "Trouble in what exporters sent, by kind.", WriteErrors),
        MetricFamily.Counter("flowd_unauthorised_datagrams_total", "Datagrams from addresses that no flow source line names.", static view => view.Pipeline.Unauthorised),
        MetricFamily.Counter("flowd_messages_suppressed_total", "Log messages that were held back for being too many.", static view => view.Subjects.Complaints.Suppressed),
        MetricFamily.Gauge("flowd_exporters", "Exporters that are known.", static view => view.Table.Count),
        MetricFamily.Counter("flowd_exporters_evicted_total", "Exporters that were forgotten to stay within the limits.", static view => view.Table.Evicted),
        MetricFamily.Gauge("flowd_exporters_folded", "Exporters without series of their own, added up as exporter=other.", static view => view.Exporters.Folded),
        MetricFamily.Gauge("flowd_streams", "Streams that are known: an exporter, version and observation domain each.", static view => view.Table.StreamCount),
        MetricFamily.Counter("flowd_streams_evicted_total", "Streams that were forgotten to stay within the limits.", static view => view.Table.StreamsEvicted),
        MetricFamily.Gauge("flowd_streams_folded", "Streams without series of their own, added up as exporter=other.", static view => view.Streams.Folded),
        MetricFamily.Gauge("flowd_pending_sets", "Data sets that wait for their template.", static view => view.Table.Pending.Count),
        MetricFamily.Gauge("flowd_pending_bytes", "Octets that they take.", static view => view.Table.Pending.Octets),
        MetricFamily.Counter("flowd_pending_sets_kept_total", "Data sets that came before their template and were kept.", static view => view.Table.Pending.Kept),
        MetricFamily.Counter("flowd_pending_sets_decoded_total", "Kept data sets that were decoded when their template came.", static view => view.Table.Pending.Decoded),
        MetricFamily.Counter("flowd_pending_sets_expired_total", "Kept data sets whose template did not come in time.", static view => view.Table.Pending.Expired),
        MetricFamily.Counter("flowd_pending_sets_dropped_total", "Kept data sets that were given up for want of room, or with their exporter.", static view => view.Table.Pending.Dropped),
        MetricFamily.Gauge("flowd_rules", "Rules of the filter.", static view => view.Rules.Program.Rules.Count),
        MetricFamily.Gauge("flowd_rules_folded", "Rules without series of their own, added up as rule=other.", static view => view.Rules.Numbers.Folded),
    ];

    /// <summary>Every error with its label.</summary>
    public static readonly (DecodeError Error, byte[] Label)[] Errors =
    [
        .. Enum.GetValues<DecodeError>()
            .Where(error => error != DecodeError.None)
            .Select(error => (error, MetricLabels.Of(("error", MetricLabels.SnakeCase(error.ToString()))))),
    ];

    private static void WriteErrors(MetricsView view, MetricsText text)
    {
        foreach ((DecodeError error, byte[] label) in Errors)
            text.Add(label, view.Table.ErrorCount(error));
    }
}
