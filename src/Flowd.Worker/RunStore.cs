using System;
using System.Buffers.Binary;
using Flowd.Filter;
using Flowd.Records;
using Flowd.Worker.Logs;

namespace Flowd.Worker;

/// <summary>
/// Filters records that stayed on the wire, and stores them. Those that the rules accept are put together, each with its tag behind it if it has one, and so are
/// as quickly copied into the log as if they had come like that.
/// </summary>
internal sealed class RunStore(LogSet logs)
{
    /// <summary>Before it is asked again whether there is room, and whether it is time to write.</summary>
    public const int MostRecords = 32;

    private readonly Verdict[] _verdicts = new Verdict[MostRecords];
    private byte[] _octets = []; // of records that were accepted
    private int _length;
    private bool _areTagged;

    /// <summary>Returns how many are accepted.</summary>
    /// <param name="filter">What decides.</param>
    /// <param name="blank">What the records' message gives them.</param>
    /// <param name="layout">Of the records.</param>
    /// <param name="wire">The records, <see cref="MostRecords"/> at most.</param>
    public uint Store(FilterProgram filter, in FlowRecord blank, WireLayout layout, ReadOnlySpan<byte> wire)
    {
        Span<Verdict> verdicts = _verdicts.AsSpan(0, wire.Length / layout.Length);
        if (filter.Rules.Count > 0)
        {
            filter.Evaluate(layout, in blank, wire, verdicts);
            if (!AreAllPlain(verdicts))
                return Store(verdicts, in blank, layout, wire);
        }

        logs.Append(in blank, layout, wire);
        return (uint)verdicts.Length;
    }

    private static bool AreAllPlain(ReadOnlySpan<Verdict> verdicts)
    {
        foreach (ref readonly Verdict verdict in verdicts)
        {
            if (verdict.Tagged || verdict.Action == FilterAction.Discard)
                return false;
        }

        return true;
    }

    private uint Store(ReadOnlySpan<Verdict> verdicts, in FlowRecord blank, WireLayout layout, ReadOnlySpan<byte> wire)
    {
        uint accepted = 0;
        foreach (ref readonly Verdict verdict in verdicts)
        {
            ReadOnlySpan<byte> record = wire[..layout.Length];
            wire = wire[layout.Length..];
            if (verdict.Action == FilterAction.Discard)
                continue;
            if (verdict.Tagged != _areTagged)
                Append(in blank, layout);
            _areTagged = verdict.Tagged;
            Add(record, in verdict);
            accepted++;
        }

        Append(in blank, layout);
        return accepted;
    }

    private void Add(ReadOnlySpan<byte> record, in Verdict verdict)
    {
        int room = MostRecords * (record.Length + WireLayout.TagLength);
        if (_octets.Length < room)
            _octets = new byte[room];
        record.CopyTo(_octets.AsSpan(_length));
        _length += record.Length;
        if (!verdict.Tagged)
            return;
        BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(_length), verdict.Tag);
        _length += WireLayout.TagLength;
    }

    // In their order, so before one comes that is different.
    private void Append(in FlowRecord blank, WireLayout layout)
    {
        if (_length > 0)
            logs.Append(in blank, _areTagged ? layout.Tagged : layout, _octets.AsSpan(0, _length));
        _length = 0;
    }
}
