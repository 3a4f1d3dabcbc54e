using System;
using Flowd.Decode;
using Flowd.Filter;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Records;
using Flowd.Worker.Logs;

namespace Flowd.Worker;

/// <summary>The path of one datagram, from the socket's buffer to the sinks. Read this file first.</summary>
public sealed class Pipeline(DatagramDecoder decoder, LogSet logs, LogSocketRelay relay, Complaints complaints, FlowTrace trace)
{
    /// <summary>The records of one datagram: a full one of the smallest sensible records. More than that is refused and counted.</summary>
    private const int MostRecords = 8192;

    private readonly RecordBatch _batch = new(MostRecords);

    /// <summary>What the configuration in force says.</summary>
    public required Policy Policy { get; set; }

    /// <summary>Datagrams from addresses that `flow source` does not name.</summary>
    public ulong Unauthorised { get; private set; }

    public void Process(in ReceivedDatagram datagram)
    {
        Address exporter = datagram.Source.Address;
        if (!Policy.Sources.Allows(exporter))
        {
            Unauthorised++;
            complaints.Unauthorised(exporter);
            return;
        }

        foreach (Forwarder forwarder in Policy.VerbatimForwarders)
            forwarder.Send(datagram.Bytes);

        _batch.Clear();
        var origin = new DatagramOrigin(exporter, datagram.Seconds, datagram.Microseconds);
        DecodeResult result = decoder.Decode(datagram.Bytes, origin, _batch);
        if (result.Error != DecodeError.None)
            complaints.BadDatagram(exporter, result);

        if (result.Missing > 0)
            complaints.Missing(result);

        foreach (AnonymousForwarder forwarder in Policy.AnonymousForwarders) // now that it is known where addresses stand
            forwarder.Send(datagram.Bytes, decoder);

        uint accepted = 0;
        foreach (ref FlowRecord record in _batch.Records)
        {
            if (Process(ref record))
                accepted++;
        }

        result.Stream?.CountVerdicts(accepted, discarded: (uint)_batch.Count - accepted);
    }

    // True if the filter accepts the record.
    private bool Process(ref FlowRecord record)
    {
        Verdict verdict = Policy.Filter.Evaluate(in record);
        if (verdict.Tagged)
        {
            record.Tag = verdict.Tag;
            record.Fields |= LogFields.Tag;
        }

        if (trace.IsOn)
            trace.Write(in record, verdict.Action);
        if (verdict.Action == FilterAction.Discard)
            return false;

        ReadOnlySpan<byte> other = _batch.OtherOf(in record);
        logs.Append(in record, other);
        if (Policy.RelaysToSocket)
            relay.Send(in record, other);
        return true;
    }
}
