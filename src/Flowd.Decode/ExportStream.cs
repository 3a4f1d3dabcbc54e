using System.Collections.Generic;
using Flowd.Decode.SFlow;
using Flowd.Decode.State;

namespace Flowd.Decode;

/// <summary>
/// The messages of one exporter, version and observation domain: those that are numbered in one sequence. Counters, and the place in the
/// sequence. An IPFIX datagram may hold several messages; each counts for its own stream.
/// </summary>
public sealed class ExportStream
{
    private readonly ErrorCounters _errors = new();
    private SequenceTracker _sequence;
    private ulong? _session; // that the place in the sequence is of; null if it was put back and may be of any
    private SamplingRate _headerRate = SamplingRate.Unsampled;

    internal ExportStream(Exporter exporter, DomainKey key)
    {
        Exporter = exporter;
        Key = key;
        Unit = key.Version switch { 5 or 7 or 8 => SequenceUnit.Flows, 9 => SequenceUnit.Datagrams, 10 => SequenceUnit.Records, _ when SFlowDecoder.IsVersion(key.Version) => SequenceUnit.Datagrams, _ => SequenceUnit.None };
        _sequence = new SequenceTracker(Unit);
        ByUse = new LinkedListNode<ExportStream>(this);
        ByUseOfExporter = new LinkedListNode<ExportStream>(this);
    }

    public Exporter Exporter { get; }

    /// <summary>The version word: 1, 5, 7, 8, 9, 10 for IPFIX, 32773 or 32772 for sFlow 5 and 4.</summary>
    public ushort Version => Key.Version;

    /// <summary>The observation domain (v9: source id; v5: engine type &lt;&lt; 8 | engine id; v8: with the aggregation &lt;&lt; 16 before it), 0 where the protocol has none.</summary>
    public uint Domain => Key.Number;

    /// <summary>What its sequence numbers, <see cref="Lost"/> and <see cref="DecodeResult.Missing"/> count.</summary>
    public SequenceUnit Unit { get; }

    /// <summary>Messages with a valid header, which but for IPFIX are datagrams.</summary>
    public ulong Datagrams { get; private set; }

    /// <summary>The octets of those messages as far as they arrived, headers included.</summary>
    public ulong Octets { get; private set; }

    /// <summary>Flow records that were decoded.</summary>
    public ulong Records { get; private set; }

    /// <summary>Records that the filter accepted and discarded, as far as the caller told by <see cref="CountVerdicts"/>.</summary>
    public ulong Accepted { get; private set; }
    public ulong Discarded { get; private set; }

    /// <summary>Jumps forward in the sequence, and how many units they skipped. What arrives late is taken back from Lost, not from Gaps.</summary>
    public ulong Gaps { get; private set; }
    public ulong Lost { get; private set; }

    /// <summary>Messages that came late, or twice.</summary>
    public ulong OutOfOrder { get; private set; }

    /// <summary>Jumps too far to be a loss: the exporter started anew.</summary>
    public ulong Resets { get; private set; }

    /// <summary>Messages whose records could not be counted; the sequence is taken up again with the next one.</summary>
    public ulong Uncertain { get; private set; }

    /// <summary>Data sets without a template.</summary>
    public ulong MissingTemplates => ErrorCount(DecodeError.UnknownTemplate);

    /// <summary>Flow records for which no sampling rate is known.</summary>
    public ulong SamplingUnknown { get; private set; }

    /// <summary>
    /// The rate that its flows were sampled at, null if unknown. NetFlow v5 says it in the header, v9 and IPFIX in options, v1 and v7 cannot
    /// say. Nothing is scaled by it.
    /// </summary>
    public SamplingRate? Sampling => Version < 9 || SFlowDecoder.IsVersion(Version) ? _headerRate : Exporter.Samplers.RateOf(Key);

    /// <summary>When the latest message was received, in seconds since 1970-01-01 UTC.</summary>
    public uint LastSeenSeconds { get; private set; }

    /// <summary>The exporter's clock less ours, in seconds: the time of export in the latest header less the time of its reception.</summary>
    public long ClockOffsetSeconds { get; private set; }

    /// <summary>The sequence number that the next message should have, if <see cref="HasPosition"/>.</summary>
    public uint NextSequence => _sequence.Next;

    /// <summary>True if the next sequence number is known for certain.</summary>
    public bool HasPosition => _sequence.IsExact && !_sequence.CountsItself;

    /// <summary>Free for the use of who publishes positions; -1 until set.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>True once the stream was given up to stay within the limits, or with its exporter. Its slot is free then.</summary>
    public bool IsForgotten { get; internal set; }

    /// <summary>True while it is in <see cref="ExporterTable.Moved"/>.</summary>
    internal bool IsMoved { get; set; }

    internal DomainKey Key { get; }

    /// <summary>Its places in the lists of <see cref="StreamTable"/>.</summary>
    internal LinkedListNode<ExportStream> ByUse { get; }
    internal LinkedListNode<ExportStream> ByUseOfExporter { get; }

    /// <summary>How often an error occurred in its messages.</summary>
    public ulong ErrorCount(DecodeError error) => _errors[error];

    /// <summary>Counts what the filter said about records of a datagram. Those of a datagram with several messages count for the first.</summary>
    public void CountVerdicts(uint accepted, uint discarded)
    {
        Accepted += accepted;
        Discarded += discarded;
    }

    internal void CountMessage(int octets, int records, uint nowSeconds, uint exportSeconds)
    {
        Datagrams++;
        Octets += (ulong)octets;
        Records += (ulong)records;
        LastSeenSeconds = nowSeconds;
        ClockOffsetSeconds = (long)exportSeconds - nowSeconds;
    }

    /// <summary>Records of an earlier message, whose template came later.</summary>
    internal void CountLateRecords(int records) => Records += (ulong)records;

    internal void SetRate(SamplingRate rate) => _headerRate = rate;

    /// <summary>What the header of v5 said last.</summary>
    internal SamplingRate HeaderRate => _headerRate;

    internal void CountError(DecodeError error, ulong times) => _errors.Add(error, times);

    internal void CountSamplingUnknown(int records) => SamplingUnknown += (ulong)records;

    /// <summary>
    /// Follows the sequence over a message of that many units, options being none of the flows; returns how many are missing before it.
    /// </summary>
    internal uint FollowSequence(ulong session, uint sequence, uint units, uint flows, bool isCertain)
    {
        if (Unit == SequenceUnit.None)
            return 0;
        if (_session != session && _session is not null)
            _sequence = new SequenceTracker(Unit);
        _session = session;
        if (!isCertain)
            Uncertain++;
        SequenceCheck check = _sequence.Check(sequence, units, flows, isCertain);
        switch (check.Outcome)
        {
            case SequenceOutcome.Gap:
                Gaps++;
                Lost += check.Units;
                return check.Units;
            case SequenceOutcome.Late:
                OutOfOrder++;
                Lost -= check.Units;
                return 0;
            case SequenceOutcome.Reset:
                Resets++;
                return 0;
            default:
                return 0;
        }
    }

    internal void RestorePosition(uint nextSequence, ulong lost, uint lastSeenSeconds)
    {
        _sequence.Restore(nextSequence);
        _session = null;
        Lost = lost;
        LastSeenSeconds = lastSeenSeconds;
    }
}
