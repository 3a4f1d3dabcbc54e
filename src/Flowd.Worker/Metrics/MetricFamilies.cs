namespace Flowd.Worker.Metrics;

/// <summary>The table of all families (docs/metrics.md), what is asked for most first: where room runs out the last ones are left out.</summary>
internal static class MetricFamilies
{
    /// <summary>The last one, for which room is kept.</summary>
    public static readonly MetricFamily LeftOut = MetricFamily.Gauge(
        "flowd_snapshot_left_out_families", "Families that are missing here for want of room.", static view => view.LeftOut);

    public static readonly MetricFamily[] All = [.. Totals.Table, .. ListenerFamilies.Table, .. SinkFamilies.Table, .. ExporterFamilies.Table, .. StreamFamilies.Table, .. RuleFamilies.Table, LeftOut];
}
