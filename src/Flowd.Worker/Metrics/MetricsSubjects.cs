using Flowd.Decode;
using Flowd.Store;

namespace Flowd.Worker.Metrics;

/// <summary>The parts of the worker that count.</summary>
public sealed record MetricsSubjects(Pipeline Pipeline, DatagramDecoder Decoder, LogAppender Log, LogSocketRelay Relay, Complaints Complaints);
