using System;
using Flowd.Decode;
using Flowd.Filter;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Records;
using Flowd.Sinks;
using Flowd.Worker.Logs;

namespace Flowd.Worker;

/// <summary>The path of one datagram, from the socket's buffer to the sinks. Read this file first.</summary>
public sealed class Pipeline(DatagramDecoder decoder, LogSet logs, LogSocketRelay relay, Complaints complaints, FlowTrace trace)
{
    private readonly Utf8Buffer _text = new(capacity: 0);
    private readonly TimeText _time = new(TimeZoneInfo.Local);
    private readonly RunStore _runs = new(logs);
    private RecordBatch _batch = new(0);
    private Policy _policy = null!;

    /// <summary>What the configuration in force says.</summary>
    public required Policy Policy
    {
        get => _policy;
        set
        {
            _policy = value;
            if (_batch.Capacity != value.MostRecords)
                _batch = new RecordBatch(value.MostRecords);
        }
    }

    /// <summary>Datagrams from addresses that `flow source` does not name.</summary>
    public ulong Unauthorised { get; private set; }

    public void Process(in ReceivedDatagram datagram, Listener listener)
    {
        if (Policy.Takes(listener, datagram.Bytes))
        {
            Process(in datagram);
            return;
        }

        listener.CountRefused();
        complaints.WrongProtocol(datagram.Source.Address, Policy.NameOf(listener));
    }

    /// <summary>A datagram that came on no socket; a file of IPFIX messages does not even tell who sent them.</summary>
    public void Process(in ReceivedDatagram datagram)
    {
        Address exporter = datagram.Source.Address;
        if (exporter.Family != AddressFamily.None && !Policy.Sources.Allows(exporter))
        {
            Unauthorised++;
            complaints.Unauthorised(exporter);
            return;
        }

        foreach (Forwarder forwarder in Policy.VerbatimForwarders)
            forwarder.Send(datagram.Bytes);

        _batch.Clear();
        var origin = new DatagramOrigin(exporter, datagram.Seconds, datagram.Microseconds) { Session = datagram.Session };
        DecodeResult result = decoder.Decode(datagram.Bytes, origin, _batch);
        if (result.Error != DecodeError.None)
            complaints.BadDatagram(exporter, result);

        if (result.Missing > 0)
            complaints.Missing(result);

        foreach (AnonymousForwarder forwarder in Policy.AnonymousForwarders) // now that it is known where addresses stand
            forwarder.Send(datagram.Bytes, decoder);

        ProcessBatch(result, datagram.Bytes);
        WriteNotes(in exporter, datagram.Seconds, datagram.Microseconds);
        while (decoder.IsSetReady)
        {
            DecodeResult late = DecodePending();
            ProcessBatch(late, datagram: default);
            WriteNotes(in exporter, datagram.Seconds, datagram.Microseconds);
        }
    }

    // What the exporter tells beside flows.
    private void WriteNotes(in Address exporter, uint seconds, uint microseconds)
    {
        NoteBatch notes = decoder.Notes;
        for (int i = 0; i < notes.Notes.Count; i++)
        {
            ExporterNote note = notes.Notes[i];
            _text.Clear();
            if (NoteJson.Write(_text, in note, notes.OctetsOf(in note), in exporter, seconds, microseconds, _time))
                logs.AppendNote(in exporter, _text.Written);
        }
    }

    // What waited for a template that has just come.
    private DecodeResult DecodePending()
    {
        _batch.Clear();
        decoder.TryDecodePending(_batch, out DecodeResult result);
        if (result.Error != DecodeError.None)
            complaints.BadDatagram(result.Stream!.Exporter.Address, result);
        return result;
    }

    private void ProcessBatch(DecodeResult result, ReadOnlySpan<byte> datagram)
    {
        ulong most = logs.Counters.OctetsAppended + (ulong)Policy.MostOutput;
        uint accepted = 0;
        int processed = 0;
        int first = 0;
        foreach (ref readonly RecordRun run in _batch.Runs)
        {
            accepted += ProcessRecords(_batch.Records[first..run.Index], most, ref processed);
            accepted += StoreRun(in run, datagram, most, ref processed);
            first = run.Index + 1;
        }

        accepted += ProcessRecords(_batch.Records[first..], most, ref processed);
        if (processed < _batch.Count)
            decoder.CountOutputFull(_batch.Count - processed);
        result.Stream?.CountVerdicts(accepted, discarded: (uint)processed - accepted);
    }

    // Returns how many the filter accepts.
    private uint ProcessRecords(Span<FlowRecord> records, ulong most, ref int processed)
    {
        uint accepted = 0;
        foreach (ref FlowRecord record in records)
        {
            if (logs.Counters.OctetsAppended >= most)
                break;
            processed++;
            if (Process(ref record))
                accepted++;
        }

        return accepted;
    }

    // Records that are not decoded. Returns how many the filter accepts.
    private uint StoreRun(in RecordRun run, ReadOnlySpan<byte> datagram, ulong most, ref int processed)
    {
        ref readonly FlowRecord blank = ref _batch.Records[run.Index];
        int seen = 0;
        uint accepted = 0;
        while (seen < run.Count && logs.Counters.OctetsAppended < most)
        {
            int count = Math.Min(run.Count - seen, RunStore.MostRecords);
            accepted += _runs.Store(Policy.Filter, in blank, run.Layout, datagram.Slice(run.Offset + seen * run.Layout.Length, count * run.Layout.Length));
            seen += count;
        }

        processed += seen;
        return accepted;
    }

    // True if the filter accepts the record.
    private bool Process(ref FlowRecord record)
    {
        ReadOnlySpan<byte> other = _batch.OtherOf(in record);
        Verdict verdict = Policy.Filter.Evaluate(in record, other);
        if (verdict.Tagged)
        {
            record.Tag = verdict.Tag;
            record.Fields |= LogFields.Tag;
        }

        if (trace.IsOn)
            trace.Write(in record, verdict.Action);
        if (verdict.Action == FilterAction.Discard)
            return false;

        logs.Append(in record, other, Policy.Filter.Tags);
        if (Policy.RelaysToSocket)
            relay.Send(in record, other);
        return true;
    }
}
