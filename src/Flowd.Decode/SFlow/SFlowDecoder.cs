using System;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>
/// sFlow versions 5 and 4 (sflow.org, 2004 and 2003): each sampled packet becomes a record of one packet. In version 5 samples and their parts tell how long
/// they are, so one that is damaged or unknown does not spoil its neighbours.
/// </summary>
/*
     0  version u32   4  address type u32   8  agent, 4 or 16 octets; then
     0  sub-agent     4  sequence           8  uptime (ms)   12  samples   16  each: format u32, length u32, so many octets
    Version 4 has no sub-agents.
*/
internal sealed class SFlowDecoder : MessageDecoder
{
    /// <summary>What stands for sFlow among version words, which number NetFlow: the version with the highest bit set.</summary>
    private const ushort VersionBit = 0x8000;

    private const uint Unframed = 4;
    private const uint Framed = 5;

    /// <summary>True if a version word is one of sFlow.</summary>
    public static bool IsVersion(ushort version) => version >= VersionBit;

    public override void Decode(ReadOnlySpan<byte> datagram, DecodeContext context)
    {
        context.Layout.MarkUnreadable(); // addresses are in sampled packets, too
        var reader = new WireReader(datagram);
        if (!reader.TryReadUInt32(out uint version))
        {
            context.Report(DecodeError.Truncated);
            return;
        }

        if (version is not (Unframed or Framed))
            context.Report(DecodeError.UnknownVersion);
        else if (TryReadHeader(version, ref reader, context, out MessageHeader header, out Address agent))
            DecodeMessage(datagram.Length, ref reader, in header, in agent, context);
    }

    // Announced is the number of samples, as far as one can believe it.
    private static bool TryReadHeader(uint version, ref WireReader reader, DecodeContext context, out MessageHeader header, out Address agent)
    {
        header = default;
        DecodeError error = Xdr.TryReadAddress(ref reader, out agent);
        if (error != DecodeError.None)
        {
            context.Report(error);
            return false;
        }

        uint subAgent = 0;
        if ((version == Framed && !reader.TryReadUInt32(out subAgent)) || !reader.TryReadUInt32(out uint sequence) || !reader.TryReadUInt32(out uint uptime)
            || !reader.TryReadUInt32(out uint samples))
        {
            context.Report(DecodeError.Truncated);
            return false;
        }

        header = new MessageHeader((ushort)(VersionBit | version), (ushort)Math.Min(samples, ushort.MaxValue), SystemUptime: uptime, Sequence: sequence, Domain: subAgent);
        return true;
    }

    private static void DecodeMessage(int octets, ref WireReader reader, in MessageHeader header, in Address agent, DecodeContext context)
    {
        context.Admit(header.Version);
        context.BeginMessage(header);
        context.EnterStream(header.Domain);
        ref FlowRecord blank = ref context.Blank;
        blank.Fields |= LogFields.Packets | LogFields.Octets | LogFields.IfIndices | LogFields.FlowTimes | LogFields.FlowTimesAbs | LogFields.FlowEngineInfo | LogFields.Exporter;
        blank.Packets = 1;
        blank.FlowStart = blank.FlowFinish = header.SystemUptime;
        blank.FlowStartNanoseconds = blank.FlowFinishNanoseconds = blank.ReceivedSeconds * 1_000_000_000ul + blank.ReceivedMicroseconds * 1000ul; // sFlow has no clock
        blank.Origin = new FlowOrigin { Exporter = agent, ObservationDomain = header.Domain };
        int flows = ReadSamples(ref reader, in header, context);
        context.LeaveStream(octets, units: 1, flows: (uint)flows);
    }

    // Returns how many became records.
    private static int ReadSamples(ref WireReader reader, in MessageHeader header, DecodeContext context)
    {
        int flows = 0;
        for (int count = header.Announced; count > 0 && !context.IsBatchFull; count--)
        {
            if (!context.TryReserve())
                return flows;
            DecodeError error = header.Version == (VersionBit | Unframed)
                ? UnframedSample.TryRead(ref reader, context, out bool isFlow)
                : TryReadFramed(ref reader, context, out isFlow);
            flows += isFlow ? 1 : 0;
            if (error != DecodeError.None)
            {
                context.Report(error);
                return flows;
            }
        }

        if (!reader.AtEnd && !context.IsBatchFull)
            context.Report(DecodeError.TrailingOctets);
        return flows;
    }

    private static DecodeError TryReadFramed(ref WireReader reader, DecodeContext context, out bool isFlow)
    {
        DecodeError error = Xdr.TryTakePart(ref reader, out uint format, out WireReader sample);
        isFlow = error == DecodeError.None && FlowSample.IsOfPacket(format) && FlowSample.TryRead(format, ref sample, context);
        if (error == DecodeError.None && context.KeepsNotes && CounterSample.IsOfCounters(format) && CounterSample.Read(format, ref sample, context) is not DecodeError.None and var bad)
            context.Report(bad);
        return error;
    }
}
