using System;
using System.Linq;
using Flowd.Decode;
using Flowd.Records;
using Flowd.Store;
using Flowd.Store.Copying;

namespace Flowd.Fuzz;

/// <summary>
/// A third decoder, which leaves records on the wire where it can. What a log gets of them must be what it gets of decoded ones, octet by octet, what is
/// counted must be the same, and what rules say of them.
/// </summary>
internal sealed class DirectTwin(DecodeLimits limits, int mostRecords)
{
    private const LogFields Stored = LogFields.All;

    private static readonly DecodeError[] Errors = [.. Enum.GetValues<DecodeError>().Where(static error => error != DecodeError.OtherTooLong)]; // elements that it does not keep

    private readonly DatagramDecoder _decoder = new(limits) { LeavesOnWire = true };
    private readonly RecordBatch _batch = new(mostRecords);
    private readonly RuleTwin _rules = new();
    private readonly CopierCache[] _copiers = [.. Enum.GetValues<CopyWay>().Where(static way => way <= CopyWays.Best).Select(static way => new CopierCache(Stored, way))];
    private readonly byte[] _expected = new byte[LogRecord.MaxLength];
    private readonly byte[] _run = new byte[mostRecords * LogRecord.MaxLength];

    /// <summary>Records that stayed on the wire.</summary>
    public ulong Records { get; private set; }

    public void Check(ReadOnlySpan<byte> datagram, DatagramOrigin origin, DatagramDecoder other, RecordBatch expected)
    {
        _batch.Clear();
        _decoder.Decode(datagram, origin, _batch);
        Compare(datagram, expected);
        foreach (DecodeError error in Errors)
        {
            if (_decoder.Exporters.ErrorCount(error) != other.Exporters.ErrorCount(error))
                throw new BrokenException($"{error} {_decoder.Exporters.ErrorCount(error)} times on the wire, {other.Exporters.ErrorCount(error)} times decoded");
        }
    }

    /// <summary>The same for data that waited; false if there are none.</summary>
    public bool CheckPending(RecordBatch expected)
    {
        _batch.Clear();
        bool isThere = _decoder.TryDecodePending(_batch, out _);
        if (isThere)
            Compare(default, expected);
        return isThere;
    }

    private void Compare(ReadOnlySpan<byte> datagram, RecordBatch expected)
    {
        if (_batch.Count != expected.Count)
            throw new BrokenException($"{_batch.Count} records on the wire, {expected.Count} decoded");
        int next = 0;
        int runs = 0;
        for (int i = 0; i < _batch.Records.Length; i++)
        {
            ref readonly FlowRecord record = ref _batch.Records[i];
            if (runs < _batch.Runs.Length && _batch.Runs[runs].Index == i)
                CompareRun(_batch.Runs[runs++], in record, datagram, expected, ref next);
            else
                CompareRecord(_run.AsSpan(0, LogRecord.Write(in record, Stored, _run)), expected, ref next);
        }
    }

    private void CompareRun(RecordRun run, in FlowRecord blank, ReadOnlySpan<byte> datagram, RecordBatch expected, ref int next)
    {
        ReadOnlySpan<byte> wire = datagram.Slice(run.Offset, run.Count * run.Layout.Length);
        _rules.Check(in blank, run.Layout, wire, expected.Records.Slice(next, run.Count));
        int first = next;
        foreach (CopierCache copiers in _copiers)
        {
            RecordCopier copier = copiers.Begin(run.Layout, in blank);
            copier.Copy(wire, _run);
            next = first;
            for (int i = 0; i < run.Count; i++)
                CompareRecord(_run.AsSpan(i * copier.Length, copier.Length), expected, ref next);
        }

        Records += (ulong)run.Count;
    }

    private void CompareRecord(ReadOnlySpan<byte> actual, RecordBatch expected, ref int next)
    {
        int right = LogRecord.Write(in expected.Records[next], Stored, _expected);
        if (!actual.SequenceEqual(_expected.AsSpan(0, right)))
            throw new BrokenException($"record {next} is {Convert.ToHexString(actual)} on the wire, {Convert.ToHexString(_expected.AsSpan(0, right))} decoded");
        next++;
    }
}
