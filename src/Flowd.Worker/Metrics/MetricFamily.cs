using System;

namespace Flowd.Worker.Metrics;

/// <summary>What Prometheus knows a family as. A counter only goes up, but for a new worker, which starts from 0.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
}

/// <summary>One row of the table of families: samples that have a name and differ in their labels.</summary>
/// <param name="Name">Ends in the base unit, and `_total` for a counter.</param>
/// <param name="Type">Whether it may go down.</param>
/// <param name="Help">One line, without characters that would have to be escaped.</param>
/// <param name="Write">Adds the samples.</param>
internal sealed record MetricFamily(string Name, MetricType Type, string Help, Action<MetricsView, MetricsText> Write)
{
    public static MetricFamily Counter(string name, string help, Action<MetricsView, MetricsText> write) => new(name, MetricType.Counter, help, write);

    public static MetricFamily Gauge(string name, string help, Action<MetricsView, MetricsText> write) => new(name, MetricType.Gauge, help, write);

    /// <summary>A family of one sample, without labels.</summary>
    public static MetricFamily Counter(string name, string help, Func<MetricsView, ulong> value) => Counter(name, help, (view, text) => text.Add([], value(view)));

    public static MetricFamily Gauge(string name, string help, Func<MetricsView, long> value) => Gauge(name, help, (view, text) => text.Add([], value(view)));
}
