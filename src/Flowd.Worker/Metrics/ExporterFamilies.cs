using System;
using Flowd.Decode;

namespace Flowd.Worker.Metrics;

/// <summary>Families with a sample for each exporter.</summary>
internal static class ExporterFamilies
{
    public static readonly MetricFamily[] Table =
    [
        MetricFamily.Gauge("flowd_exporter_templates", "Templates in force.", Write(static exporter => (ulong)exporter.TemplateCount)),
        MetricFamily.Counter("flowd_exporter_templates_evicted_total", "Templates that were forgotten to stay within the limits.", Write(static exporter => exporter.TemplatesEvicted)),
        MetricFamily.Counter("flowd_exporter_templates_expired_total", "Templates that were forgotten because they were not announced again.", Write(static exporter => exporter.TemplatesExpired)),
        MetricFamily.Counter("flowd_exporter_errors_total", "Trouble in what the exporter sent, by kind; a kind that never occurred is not listed.",
            static (view, text) => view.Exporters.WriteOccurred(text, Totals.Errors, static (exporter, error) => exporter.ErrorCount(error))),
    ];

    private static Action<MetricsView, MetricsText> Write(Func<Exporter, ulong> value) => (view, text) => view.Exporters.Write(text, value);
}
