using System.Linq;
using Flowd.Decode;
using Flowd.Receive;

namespace Flowd.Worker.Metrics;

/// <summary>What one snapshot is about: the counters, and which of them have series of their own, so that all families name the same ones.</summary>
internal sealed class MetricsView(MetricsSubjects subjects, long startedSeconds, RuleListing rules)
{
    private static readonly byte[] OtherExporters = MetricLabels.Of(("exporter", "other"));

    public Pipeline Pipeline => subjects.Pipeline;

    public ExporterTable Table => subjects.Decoder.Exporters;

    public MetricsSubjects Subjects => subjects;

    /// <summary>When the worker started: seconds since 1970-01-01 UTC.</summary>
    public long StartedSeconds => startedSeconds;

    public RuleListing Rules => rules;

    /// <summary>Families that had no room so far.</summary>
    public int LeftOut { get; set; }

    public Listing<Exporter> Exporters { get; } = new(
        subjects.Decoder.Exporters.ByUse,
        exporter => MetricLabels.Of(("exporter", exporter.Address.ToString())),
        OtherExporters);

    /// <summary>In the order of use of their exporters, and for each exporter of theirs.</summary>
    public Listing<ExportStream> Streams { get; } = new(
        subjects.Decoder.Exporters.ByUse.SelectMany(exporter => exporter.Streams),
        stream => MetricLabels.Of(("exporter", stream.Exporter.Address.ToString()), ("version", $"{stream.Version}"), ("domain", $"{stream.Domain}")),
        OtherExporters);

    public Listing<Listener> Listeners { get; } = new(
        subjects.Pipeline.Policy.Listeners,
        listener => MetricLabels.Of(("listener", subjects.Pipeline.Policy.NameOf(listener))),
        MetricLabels.Of(("listener", "other")));

    public Listing<Forwarder> Forwarders { get; } = new(
        subjects.Pipeline.Policy.Forwarders,
        forwarder => MetricLabels.Of(("target", subjects.Pipeline.Policy.NameOf(forwarder))),
        MetricLabels.Of(("target", "other")));
}
