using System;
using System.Linq;
using Flowd.Decode;

namespace Flowd.Worker.Metrics;

/// <summary>Families with a sample for each stream: the messages of one exporter, version and observation domain.</summary>
internal static class StreamFamilies
{
    public static readonly MetricFamily[] Table =
    [
        Counter("flowd_stream_datagrams_total", "Messages with a valid header.", static stream => stream.Datagrams),
        Counter("flowd_stream_bytes_total", "Octets of those messages.", static stream => stream.Octets),
        Counter("flowd_stream_records_total", "Flow records decoded.", static stream => stream.Records),
        MetricFamily.Counter("flowd_stream_flows_total", "Flow records by what the filter said of them.", WriteVerdicts),
        MetricFamily.Gauge("flowd_stream_lost_units", "What the sequence numbers say is missing, in the unit of the protocol; goes down when it arrives late.", WriteLost),
        Counter("flowd_stream_sequence_gaps_total", "Jumps forward in the sequence numbers.", static stream => stream.Gaps),
        Counter("flowd_stream_out_of_order_total", "Messages that came late, or twice.", static stream => stream.OutOfOrder),
        Counter("flowd_stream_sequence_resets_total", "Jumps in the sequence numbers too far to be a loss: restarts of the exporter.", static stream => stream.Resets),
        Counter("flowd_stream_missing_templates_total", "Data sets that came without their template.", static stream => stream.MissingTemplates),
        Counter("flowd_stream_sampling_unknown_records_total", "Flow records for which no sampling rate is known.", static stream => stream.SamplingUnknown),
        MetricFamily.Gauge("flowd_stream_clock_offset_seconds", "The exporter's clock less ours.", WriteClockOffset),
        MetricFamily.Gauge("flowd_stream_last_seen_timestamp_seconds", "When the latest message came, in seconds since 1970-01-01 UTC.", WriteLastSeen),
    ];

    private static readonly (SequenceUnit Unit, byte[] Label)[] Units =
    [
        .. Enum.GetValues<SequenceUnit>()
            .Where(unit => unit != SequenceUnit.None)
            .Select(unit => (unit, MetricLabels.Of(("unit", MetricLabels.SnakeCase(unit.ToString()))))),
    ];

    private static MetricFamily Counter(string name, string help, Func<ExportStream, ulong> value)
        => MetricFamily.Counter(name, help, (view, text) => view.Streams.Write(text, value));

    private static void WriteVerdicts(MetricsView view, MetricsText text)
    {
        view.Streams.Write(text, "verdict=\"accepted\""u8, static stream => stream.Accepted);
        view.Streams.Write(text, "verdict=\"discarded\""u8, static stream => stream.Discarded);
    }

    // A stream has one unit; the others together may have all.
    private static void WriteLost(MetricsView view, MetricsText text)
    {
        foreach (Series<ExportStream> series in view.Streams.Series)
        {
            foreach ((SequenceUnit unit, byte[] label) in Units)
            {
                if (series.Items.Exists(stream => stream.Unit == unit))
                    text.Add(series.Labels, label, series.Sum(stream => stream.Unit == unit ? stream.Lost : 0));
            }
        }
    }

    // There is no clock of the others together.
    private static void WriteClockOffset(MetricsView view, MetricsText text)
    {
        foreach (Series<ExportStream> series in view.Streams.Series)
        {
            if (series.Items is [var stream])
                text.Add(series.Labels, stream.ClockOffsetSeconds);
        }
    }

    private static void WriteLastSeen(MetricsView view, MetricsText text)
    {
        foreach (Series<ExportStream> series in view.Streams.Series)
            text.Add(series.Labels, (ulong)series.Items.Max(static stream => stream.LastSeenSeconds));
    }
}
