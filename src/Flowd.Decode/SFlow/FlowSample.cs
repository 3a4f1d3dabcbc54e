using System.Collections.Generic;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>One sampled packet: where and how it was sampled, and parts that describe it.</summary>
internal static class FlowSample
{
    private const int IndexBits = 24;
    private const int InterfaceBits = 30;
    private const uint InterfaceMask = (1u << InterfaceBits) - 1;

    private const uint Discarded = 1;
    private const byte Dropped = 0x80; // forwardingStatus (RFC 7270 section 4.12): dropped, for an unknown reason

    private delegate bool HeadReader(ref WireReader sample, ref FlowRecord record, DecodeContext context, out uint parts);

    // Samples of other formats have counters, or are a vendor's.
    private static readonly Dictionary<uint, HeadReader> Heads = new()
    {
        [1] = static (ref sample, ref record, context, out parts) => TryReadHead(ref sample, isExpanded: false, ref record, context, out parts),
        [3] = static (ref sample, ref record, context, out parts) => TryReadHead(ref sample, isExpanded: true, ref record, context, out parts),
        [5] = TryReadDiscardedHead,
    };

    /// <summary>True if samples of that format are of packets.</summary>
    public static bool IsOfPacket(uint format) => Heads.ContainsKey(format);

    /// <summary>Adds a record, for which there is room; false, and there is none, if nothing describes the packet.</summary>
    public static bool TryRead(uint format, ref WireReader sample, DecodeContext context)
    {
        ref FlowRecord record = ref context.AddRecord();
        if (!Heads[format](ref sample, ref record, context, out uint parts))
        {
            context.RemoveRecord();
            context.Report(DecodeError.Truncated);
            return false;
        }

        ReadParts(ref sample, parts, ref record, context);
        if (IsWorthKeeping(in record))
            return true;
        context.RemoveRecord();
        context.Report(DecodeError.NothingToKeep);
        return false;
    }

    /// <summary>True if something describes the packet.</summary>
    public static bool IsWorthKeeping(in FlowRecord record) => (record.Fields & (LogFields.SrcDstAddr | LogFields.Layer2)) != 0;

    private static void ReadParts(ref WireReader sample, uint parts, ref FlowRecord record, DecodeContext context)
    {
        for (; parts > 0; parts--)
        {
            DecodeError error = Xdr.TryTakePart(ref sample, out uint format, out WireReader part);
            if (error != DecodeError.None)
            {
                context.Report(DecodeError.BadSample); // fewer than announced, or a longer one than there can be
                return;
            }

            if (SamplePartTable.Find(format) is { } read && read(ref part, ref record) is not DecodeError.None and var bad)
                context.Report(bad);
        }
    }

    /*
         0  sequence   4  source: type u8, index u24 (expanded: u32, u32)   8  rate   12  pool   16  drops   20  input   24  output (expanded: format, value)   28  parts
    */
    public static bool TryReadHead(ref WireReader sample, bool isExpanded, ref FlowRecord record, DecodeContext context, out uint parts)
    {
        parts = 0;
        if (!sample.TryReadUInt32(out _)
            || !TryReadPair(ref sample, isExpanded, IndexBits, out uint type, out uint index)
            || !sample.TryReadUInt32(out uint rate)
            || !sample.TryTake(2 * sizeof(uint), out _)
            || !TryReadPair(ref sample, isExpanded, InterfaceBits, out uint inputFormat, out uint input)
            || !TryReadPair(ref sample, isExpanded, InterfaceBits, out uint outputFormat, out uint output)
            || !sample.TryReadUInt32(out parts))
            return false;
        SetSource(ref record, type, index);
        record.InputInterface = IndexOf(inputFormat, input);
        record.OutputInterface = IndexOf(outputFormat, output);
        if (outputFormat == Discarded)
            SetDropped(ref record);
        SetSampling(ref record, rate, context);
        return true;
    }

    /*
         0  sequence   4  source u32, u32   12  drops   16  input   20  output   24  reason   28  parts (sFlow Dropped Packet Notification Structures, 2020)
    */
    private static bool TryReadDiscardedHead(ref WireReader sample, ref FlowRecord record, DecodeContext context, out uint parts)
    {
        parts = 0;
        if (!sample.TryReadUInt32(out _) || !TryReadPair(ref sample, isExpanded: true, IndexBits, out uint type, out uint index)
            || !sample.TryReadUInt32(out _) || !sample.TryReadUInt32(out uint input) || !sample.TryReadUInt32(out uint output) || !sample.TryReadUInt32(out _)
            || !sample.TryReadUInt32(out parts))
            return false;
        SetSource(ref record, type, index);
        record.InputInterface = IndexOf(0, input);
        record.OutputInterface = IndexOf(0, output);
        SetDropped(ref record);
        return true;
    }

    private static void SetSource(ref FlowRecord record, uint type, uint index)
    {
        record.EngineType = (ushort)(type & ushort.MaxValue);
        record.EngineId = (ushort)(index & ushort.MaxValue);
    }

    private static void SetDropped(ref FlowRecord record)
    {
        record.Status.ForwardingStatus = Dropped;
        record.Fields |= LogFields.Status;
    }

    // In the expanded form two words, else one of which the high bits are the first.
    private static bool TryReadPair(ref WireReader sample, bool isExpanded, int bits, out uint first, out uint second)
    {
        if (!sample.TryReadUInt32(out first))
        {
            second = 0;
            return false;
        }

        if (isExpanded)
            return sample.TryReadUInt32(out second);
        second = first & (1u << bits) - 1;
        first >>= bits;
        return true;
    }

    // Not for packets that were dropped or went to several; all ones is the device itself, and unknown.
    private static uint IndexOf(uint format, uint value) => format == 0 && value is not (InterfaceMask or uint.MaxValue) ? value : 0;

    private static void SetSampling(ref FlowRecord record, uint rate, DecodeContext context)
    {
        Records.Sampling sampling = context.SamplingOf(new DomainKey(record.Version, record.SourceId), rate > 0 ? new SamplingRate(rate, 1) : null);
        if (sampling.Rate == 0)
        {
            context.CountSamplingUnknown(1);
            return;
        }

        context.SetStreamRate(new SamplingRate(sampling.Rate, 1));
        record.Sampling = sampling;
        record.Fields |= LogFields.Sampling;
    }
}
