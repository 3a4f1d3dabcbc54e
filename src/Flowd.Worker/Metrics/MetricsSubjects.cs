using Flowd.Decode;
using Flowd.Worker.Logs;

namespace Flowd.Worker.Metrics;

/// <summary>The parts of the worker that count.</summary>
public sealed record MetricsSubjects(Pipeline Pipeline, DatagramDecoder Decoder, LogSet Logs, LogSocketRelay Relay, Complaints Complaints);
