using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Flowd.Decode;
using Flowd.Decode.Pending;
using Flowd.Filter;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Receive.Sessions;
using Flowd.Records;
using Flowd.Store;
using Flowd.Worker.Logs;

namespace Flowd.Worker;

/// <summary>The statistics that SIGUSR2 asks for: a line for each listener, exporter, stream and rule, and for the log.</summary>
public sealed class StatisticsReport(SystemLog messages)
{
    private const int MostElements = 100;

    public void Write(Pipeline pipeline, DatagramDecoder decoder, LogSet logs, LogSocketRelay relay, Complaints complaints)
    {
        WriteListeners(pipeline);
        WriteExporters(decoder.Exporters);
        WriteRules(pipeline.Policy.Filter);
        WriteLogs(logs);
        if (pipeline.Policy.RelaysToSocket)
            messages.Info($"logsock: {relay.Sent} records sent, {relay.Lost} lost");
        messages.Info($"messages suppressed: {complaints.Suppressed}");
    }

    private void WriteLogs(LogSet logs)
    {
        messages.Info($"log: {logs.Counters.RecordsAppended} records, {logs.Counters.BytesWritten} octets written, {logs.Pending} octets waiting, "
            + $"{logs.RecordsLost} records lost, {logs.Counters.FailedFlushes} failed writes, {logs.Counters.Syncs} syncs, {logs.Rotations} rotations");
        foreach (LogOutput output in logs.Outputs)
        {
            LogCounters counters = output.Appender.Counters;
            messages.Info($"{output.Name}: {counters.RecordsAppended} records, {counters.BytesWritten} octets written, {output.Appender.Pending} octets waiting, "
                + $"{counters.RecordsDropped} records lost{(output.IsOpen ? "" : ", not open")}");
        }
    }

    private void WriteListeners(Pipeline pipeline)
    {
        foreach (Listener listener in pipeline.Policy.Listeners)
        {
            messages.Info($"listener {pipeline.Policy.NameOf(listener)}: {listener.Datagrams} datagrams, {listener.Octets} octets, "
                + $"{listener.Dropped} dropped by the kernel, {listener.Truncated} truncated, {listener.Refused} of another protocol");
            if (listener.Sessions is { } sessions)
                messages.Info($"listener {pipeline.Policy.NameOf(listener)}: {sessions.Open} connections, {sessions.Opened} so far{Occurred<SessionEnd>(sessions.EndCount, SessionEndText.Describe)}");
        }

        foreach (Forwarder forwarder in pipeline.Policy.Forwarders)
            messages.Info($"forwarder: {forwarder.Sent} datagrams sent, {forwarder.Failed} failed, {forwarder.Withheld} withheld");
        messages.Info($"unauthorised datagrams: {pipeline.Unauthorised}");
    }

    private void WriteExporters(ExporterTable exporters)
    {
        messages.Info($"exporters: {exporters.Count}, {exporters.Evicted} evicted{Occurred<DecodeError>(exporters.ErrorCount, DecodeErrorText.Describe)}");
        PendingSets pending = exporters.Pending;
        messages.Info($"pending: {pending.Count} data sets of {pending.Octets} octets wait for their template; {pending.Kept} kept so far, {pending.Decoded} decoded, "
            + $"{pending.Expired} too old, {pending.Dropped} dropped");
        foreach (Exporter exporter in exporters.ByUse)
        {
            messages.Info($"exporter {exporter.Address}: version {exporter.LastVersion}, {exporter.Datagrams} datagrams, {exporter.Records} records, "
                + $"{exporter.TemplateCount} templates, {exporter.TemplatesEvicted} evicted, last seen {Time(exporter.LastSeenSeconds)}"
                + Occurred<DecodeError>(exporter.ErrorCount, DecodeErrorText.Describe));
            if (exporter.UnstoredElements is { Count: > 0 } elements)
                messages.Info($"exporter {exporter.Address}: elements without a section: {string.Join(", ", elements.Take(MostElements).Select(Print))}");
            foreach (ExportStream stream in exporter.Streams)
                WriteStream(stream);
        }
    }

    private static string Print((uint Enterprise, ushort Id, ulong Records) element)
        => string.Create(CultureInfo.InvariantCulture, $"{InformationElements.NameOf(element.Enterprise, element.Id)} {element.Records}");

    private void WriteStream(ExportStream stream)
        => messages.Info($"stream {stream.Exporter.Address} version {stream.Version} domain {stream.Domain}: {stream.Datagrams} datagrams, "
            + $"{stream.Octets} octets, {stream.Records} records, {stream.Accepted} accepted, {stream.Discarded} discarded, "
            + $"{stream.Lost} {UnitText.Of(stream.Unit)} lost in {stream.Gaps} gaps, {stream.OutOfOrder} out of order, {stream.Resets} resets, "
            + $"{stream.MissingTemplates} sets without template, sampling {stream.Sampling?.ToString() ?? "unknown"}, "
            + $"{stream.SamplingUnknown} records of unknown sampling, clock {stream.ClockOffsetSeconds:+0;-0;0} s");

    private void WriteRules(FilterProgram filter)
    {
        for (int rule = 0; rule < filter.Rules.Count; rule++)
        {
            RuleCounters counters = filter.CountersOf(rule);
            messages.Info($"rule {rule}: {RulePrinter.Print(filter.Rules[rule])} # evaluations {counters.Evaluations} "
                + $"matches {counters.Matches} wins {counters.Wins}");
        }
    }

    // "; 3 unknown template; 1 truncated": only what happened.
    private static string Occurred<TKind>(Func<TKind, ulong> count, Func<TKind, string> describe)
        where TKind : struct, Enum
    {
        var text = new StringBuilder();
        foreach (TKind kind in Enum.GetValues<TKind>().Skip(1)) // the first is None
        {
            if (count(kind) is > 0 and ulong times)
                text.Append(CultureInfo.InvariantCulture, $"; {times} {describe(kind)}");
        }

        return text.ToString();
    }

    private static string Time(uint seconds)
        => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
