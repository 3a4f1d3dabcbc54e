using System;
using System.Buffers.Binary;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>
/// From the octets of a datagram to flow records: NetFlow v1, v5, v7, v8, v9 (RFC 3954), IPFIX (RFC 7011) and sFlow versions 4 and 5. Templates are kept between
/// datagrams, within the limits. Pure: no input or output, no clock. Not for use by several threads at a time.
/// </summary>
public sealed class DatagramDecoder
{
    private readonly DecodeContext _context;

    public DatagramDecoder(DecodeLimits limits)
    {
        Exporters = new ExporterTable(limits);
        _context = new DecodeContext(Exporters);
    }

    /// <summary>Whether elements that have no place of their own in a record are kept (LogFields.Other).</summary>
    public bool KeepsOther
    {
        get => _context.KeepsOther;
        set => _context.KeepsOther = value;
    }

    /// <summary>
    /// Whether records that need no decoding to be stored as version 3.0 of the log are left on the wire, as runs (<see cref="RecordBatch.Runs"/>). For a caller that
    /// stores all of them as they are.
    /// </summary>
    public bool LeavesOnWire
    {
        get => _context.LeavesOnWire;
        set => _context.LeavesOnWire = value;
    }

    /// <summary>Whether what exporters tell beside flows is noted.</summary>
    public bool KeepsNotes
    {
        get => _context.KeepsNotes;
        set => _context.KeepsNotes = value;
    }

    /// <summary>What the latest datagram told beside flows, or the latest set that had waited for its template.</summary>
    public NoteBatch Notes => _context.Notes;

    /// <summary>Who sent us datagrams, with counters and templates.</summary>
    public ExporterTable Exporters { get; }

    /// <summary>Changes the limits. Templates and counters stay, except those that the new limits have no room for.</summary>
    public void SetLimits(DecodeLimits limits) => Exporters.SetLimits(limits);

    /// <summary>Changes what is taken for granted about sampling rates, from the next datagram on.</summary>
    public void SetSampling(SamplingSettings settings) => Exporters.Sampling = settings;

    /// <summary>
    /// Appends the records of the datagram to the batch, which the caller has cleared. Never throws, whatever the datagram holds, and
    /// allocates nothing but for new exporters, streams and templates. Every error is counted; the result has the first.
    /// </summary>
    public DecodeResult Decode(ReadOnlySpan<byte> datagram, in DatagramOrigin origin, RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int before = batch.Count;
        Exporters.Pending.DropReady();
        Exporters.Pending.Expire(origin.ReceivedSeconds, Exporters.Limits.PendingSeconds);
        _context.Begin(datagram.Length, origin, batch);
        if (!BinaryPrimitives.TryReadUInt16BigEndian(datagram, out ushort version))
            _context.Report(DecodeError.Truncated);
        else if (VersionTable.Find(version) is { } decoder)
            decoder.Decode(datagram, _context);
        else
            _context.Report(DecodeError.UnknownVersion);

        _context.Exporter?.CountRecords(batch.Count - before);
        return new DecodeResult(_context.FirstError, _context.FirstStream?.Version ?? version, _context.Domain)
        {
            Stream = _context.FirstStream,
            Sequence = _context.FirstSequence,
            Missing = _context.Missing,
        };
    }

    /// <summary>Whether the latest datagram brought a template that a data set had waited for: <see cref="TryDecodePending"/> has something to do.</summary>
    public bool IsSetReady => Exporters.Pending.IsAnyReady;

    /// <summary>
    /// Appends the records of a data set that waited for a template which the latest datagram brought; false if there is none left. To be called
    /// until then after each <see cref="Decode"/>, with a batch that the caller has cleared; what is left is dropped with the next datagram.
    /// </summary>
    public bool TryDecodePending(RecordBatch batch, out DecodeResult result)
    {
        ArgumentNullException.ThrowIfNull(batch);
        result = default;
        if (Exporters.Pending.TakeReady() is not { } set)
            return false;
        int before = batch.Count;
        SetMessage message = _context.Begin(set, batch);
        var reader = new WireReader(set.Octets);
        DataSetReader.Read(set.Template!, ref reader, ref message);
        int records = batch.Count - before;
        set.Exporter.CountRecords(records);
        _context.FirstStream!.CountLateRecords(records);
        result = new DecodeResult(_context.FirstError, set.Header.Version, set.Header.Domain) { Stream = _context.FirstStream, Sequence = set.Header.Sequence };
        return true;
    }

    /// <summary>Counts records of what was decoded last that the caller dropped because its output is bounded.</summary>
    public void CountOutputFull(int records) => _context.Report(DecodeError.OutputFull, (ulong)records);

    /// <summary>
    /// Makes a copy of the datagram that was decoded last fit to be seen by others: addresses are mapped, and what might hold others becomes zeros
    /// (docs/anonymization.md). Templates stay, and so do all lengths. False if not every octet of it was understood: it must not be shown then, and
    /// is as it was. Allocates nothing but for new templates.
    /// </summary>
    public bool TryRewriteAddresses(Span<byte> copy, AddressMapping map)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNotEqual(copy.Length, _context.Layout.DatagramLength);
        return _context.Layout.TryRewrite(copy, map);
    }
}
