using System;
using Flowd.Decode.Pending;
using Flowd.Decode.Rewriting;
using Flowd.Decode.Sampling;
using Flowd.Decode.Sets;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>
/// What the decoders share while one datagram is decoded: who sent it, where its records go, what went wrong. Reused for every datagram.
/// </summary>
internal sealed class DecodeContext(ExporterTable exporters)
{
    private DatagramOrigin _origin;
    private long _received; // ns since 1970-01-01 UTC
    private RecordBatch? _batch;
    private FlowRecord _blank;
    private TemplateField[] _fields = [];
    private bool _isInMessage;
    private ExportStream? _stream;
    private int _recordsBefore;
    private bool _areRecordsCounted;
    private bool _isLate; // from no datagram that is still there

    public ExporterTable Exporters { get; } = exporters;

    /// <summary>Who sent the datagram; null until its header is known to be valid.</summary>
    public Exporter? Exporter { get; private set; }

    /// <summary>The connection that it came over, as in <see cref="DatagramOrigin.Session"/>.</summary>
    public ulong Session => _origin.Session;

    public DecodeError FirstError { get; private set; }

    /// <summary>The domain of the first message in the datagram.</summary>
    public uint Domain { get; private set; }

    /// <summary>The stream of the first message in the datagram, its sequence number, and how many units are missing before it.</summary>
    public ExportStream? FirstStream { get; private set; }
    public uint FirstSequence { get; private set; }
    public uint Missing { get; private set; }

    /// <summary>What stands where in the datagram.</summary>
    public DatagramLayout Layout { get; } = new();

    /// <summary>What all records of the current message have in common.</summary>
    public ref FlowRecord Blank => ref _blank;

    /// <summary>True once a record found no place; the rest of the datagram is dropped then.</summary>
    public bool IsBatchFull { get; private set; }

    /// <summary>Room for the fields of one template while it is read, as many as it may have.</summary>
    public Span<TemplateField> FieldBuffer
    {
        get
        {
            int length = Math.Clamp(Exporters.Limits.FieldsPerTemplate, 1, ushort.MaxValue);
            if (_fields.Length != length)
                _fields = new TemplateField[length];
            return _fields;
        }
    }

    public void Begin(int datagramLength, in DatagramOrigin origin, RecordBatch batch)
    {
        Layout.Begin(datagramLength);
        Notes.Clear();
        _origin = origin;
        _received = origin.ReceivedSeconds * EpochTime.Second;
        _batch = batch;
        Exporter = null;
        FirstError = DecodeError.None;
        Domain = 0;
        _isInMessage = false;
        _stream = null;
        FirstStream = null;
        FirstSequence = 0;
        Missing = 0;
        IsBatchFull = false;
        _isLate = false;
    }

    /// <summary>The same for a set that waited for its template.</summary>
    public SetMessage Begin(PendingSet set, RecordBatch batch)
    {
        Begin(0, set.Origin, batch);
        _isLate = true;
        Exporter = set.Exporter;
        BeginMessage(set.Header);
        FirstStream = EnterStream(set.Header.Domain);
        FirstSequence = set.Header.Sequence;
        return new SetMessage(SetDialect.Of(set.Header.Version), set.Header, this);
    }

    public void Keep(TemplateKey key, in MessageHeader header, ReadOnlySpan<byte> octets)
        => Exporters.Pending.Add(Exporter!, key, header, _origin, octets, Exporters.Limits);

    /// <summary>Counts the datagram for its exporter. To be called when the header is valid, so that junk costs no state.</summary>
    public Exporter Admit(ushort version)
    {
        if (Exporter is null)
        {
            Exporter = Exporters.Admit(_origin.Exporter, _origin.ReceivedSeconds);
            Exporter.CountDatagram(version, _origin.ReceivedSeconds);
        }

        return Exporter;
    }

    /// <summary>Prepares <see cref="Blank"/> for the records of a message.</summary>
    public void BeginMessage(in MessageHeader header)
    {
        if (!_isInMessage)
            Domain = header.Domain;
        _isInMessage = true;
        _blank = new FlowRecord
        {
            Fields = LogFields.RecvTime | LogFields.AgentInfo | LogFields.Crc32 | AgentField(_origin.Exporter.Family),
            ReceivedSeconds = _origin.ReceivedSeconds,
            ReceivedMicroseconds = _origin.ReceivedMicroseconds,
            AgentAddress = _origin.Exporter,
            SystemUptime = header.SystemUptime,
            ExportSeconds = header.ExportSeconds,
            ExportNanoseconds = header.ExportNanoseconds,
            Version = header.Version,
            Sequence = header.Sequence,
            SourceId = header.Domain,
        };
    }

    /// <summary>What follows, errors included, is counted for that stream. To be called once <see cref="Blank"/> is prepared.</summary>
    public ExportStream EnterStream(uint domain)
    {
        _stream = Exporters.AdmitStream(Exporter!, new DomainKey(_blank.Version, domain));
        _recordsBefore = _batch!.Count;
        _areRecordsCounted = true;
        return _stream;
    }

    /// <summary>Counts the message that ends here: its octets, and by how many units it moves the sequence on. Options are no flows.</summary>
    public void LeaveStream(int octets, uint units, uint flows)
    {
        ExportStream stream = _stream!;
        stream.CountMessage(octets, _batch!.Count - _recordsBefore, _origin.ReceivedSeconds, _blank.ExportSeconds);
        bool isCertain = stream.Unit != SequenceUnit.Records || _areRecordsCounted;
        uint missing = stream.FollowSequence(_origin.Session, _blank.Sequence, units, flows, isCertain);
        Exporters.NoteMove(stream);
        if (FirstStream is not null)
            return;
        FirstStream = stream;
        FirstSequence = _blank.Sequence;
        Missing = missing;
    }

    public void Report(DecodeError error, ulong times = 1)
    {
        if (FirstError == DecodeError.None)
            FirstError = error;
        Layout.NoteError(error);
        Exporters.CountError(error, times);
        Exporter?.CountError(error, times);
        _stream?.CountError(error, times);
        if (LosesCount(error))
            _areRecordsCounted = false;
    }

    /// <summary>At which rate a record was sampled that gives a rate of its own, or names a sampler, or neither.</summary>
    public Records.Sampling SamplingOf(DomainKey domain, SamplingRate? own = null, ulong? sampler = null, SamplingRate? header = null)
        => SamplingLookup.Of(Exporter!, Exporters.Sampling.Default, domain, own, sampler, header);

    /// <summary>What stands for the stream's rate where samples have one each.</summary>
    public void SetStreamRate(SamplingRate rate) => _stream?.SetRate(rate);

    public void CountSamplingUnknown(int records) => _stream?.CountSamplingUnknown(records);

    /// <summary>True if the batch has a place for a record, which the caller then takes with <see cref="AddRecord"/>.</summary>
    public bool TryReserve()
    {
        if (_batch is { IsFull: false })
            return true;
        if (!IsBatchFull)
            Report(DecodeError.BatchFull);
        IsBatchFull = true;
        return false;
    }

    /// <summary>Whether records may stay on the wire.</summary>
    public bool LeavesOnWire { get; set; }

    /// <summary>Leaves up to so many records on the wire, as many as find room; returns how many.</summary>
    public int LeaveOnWire(WireLayout layout, int offset, int count)
    {
        int left = _isLate ? 0 : Math.Min(count, _batch!.Room);
        if (left > 0)
            _batch!.AddRun(in _blank, layout, offset, left);
        return left;
    }

    /// <summary>Adds a copy of <see cref="Blank"/> and returns it for filling in.</summary>
    public ref FlowRecord AddRecord() => ref _batch!.Add(in _blank);

    /// <summary>The record that was added last.</summary>
    public ref FlowRecord LastRecord => ref _batch!.Records[^1];

    /// <summary>Whether elements without a place of their own are kept.</summary>
    public bool KeepsOther { get; set; }

    /// <summary>What the datagram tells beside flows, and whether anybody wants it.</summary>
    public NoteBatch Notes { get; } = new();
    public bool KeepsNotes { get; set; }

    /// <summary>Keeps an element with the record that was added last; false if there is no room.</summary>
    public bool TryAddOther(ref FlowRecord record, TemplateField field, ReadOnlySpan<byte> value)
        => _batch!.TryAddOther(ref record, field.Enterprise, field.ElementId, value);

    /// <summary>Counts absolute times that make no sense.</summary>
    public void CheckTimes(in FlowRecord record)
    {
        if ((record.Fields & LogFields.FlowTimesAbs) != 0)
            CheckTimes((long)record.FlowStartNanoseconds, (long)record.FlowFinishNanoseconds);
    }

    /// <summary>The same for one record's, in ns since 1970-01-01 UTC.</summary>
    public void CheckTimes(long start, long finish)
    {
        long exported = _blank.ExportSeconds * EpochTime.Second;
        if (FlowTimes.IsOdd(start, exported, _received) || FlowTimes.IsOdd(finish, exported, _received))
            Report(DecodeError.OddTime);
    }

    /// <summary>Takes back the last record, when it turned out to be incomplete.</summary>
    public void RemoveRecord() => _batch!.RemoveLast();

    // After these nobody knows how many records the message had.
    private static bool LosesCount(DecodeError error)
        => error is DecodeError.UnknownTemplate or DecodeError.Truncated or DecodeError.BadSetLength or DecodeError.LengthMismatch
            or DecodeError.BatchFull;

    private static LogFields AgentField(AddressFamily family) => family switch
    {
        AddressFamily.IPv4 => LogFields.AgentAddr4,
        AddressFamily.IPv6 => LogFields.AgentAddr6,
        _ => LogFields.None,
    };
}
