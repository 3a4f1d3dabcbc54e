using System;
using System.Collections.Generic;
using Flowd.Decode.Packets;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>
/// Samples of sFlow version 4 (sflow.org, "sFlow Version 4", 2003), which do not tell how long they are: nothing can be found behind one that is
/// not understood.
/// </summary>
internal static class UnframedSample
{
    private const uint Flow = 1;
    private const uint Counters = 2;

    private const int Generic = 88; // counters of any interface

    // By the type of the counters, the blocks that follow it: which of version 5, and how many octets.
    private static readonly Dictionary<uint, (uint Format, int Length)[]> CounterBlocks = new()
    {
        [1] = [(CounterSample.Interface, Generic)],
        [2] = [(CounterSample.Interface, Generic), (CounterSample.Ethernet, 52)],
        [3] = [(CounterSample.Interface, Generic), (CounterSample.TokenRing, 72)],
        [4] = [(CounterSample.Interface, Generic)], // FDDI
        [5] = [(CounterSample.Interface, Generic), (CounterSample.VgInterface, 80)],
        [6] = [(CounterSample.Interface, Generic)], // WAN
        [7] = [(CounterSample.Vlan, 28)],
    };

    // How a packet is described.
    private static readonly Dictionary<uint, SamplePartReader> Packets = new()
    {
        [1] = ReadPacket,
        [2] = SamplePartTable.ReadIPv4,
        [3] = SamplePartTable.ReadIPv6,
    };

    // What else is told of it.
    private static readonly Dictionary<uint, SamplePartReader> Parts = new()
    {
        [1] = SamplePartTable.ReadSwitch,
        [2] = SamplePartTable.ReadRouter,
        [3] = ReadGateway,
        [4] = static (ref part, ref _) => SkipStrings(ref part, 2), // users
        [5] = ReadUrl,
    };

    /// <summary>Reads one, for which there is room among the records; isFlow: it became one. An error ends the datagram.</summary>
    public static DecodeError TryRead(ref WireReader reader, DecodeContext context, out bool isFlow)
    {
        isFlow = false;
        if (!reader.TryReadUInt32(out uint type))
            return DecodeError.Truncated;
        if (type == Counters)
            return ReadCounters(ref reader, context);
        if (type != Flow)
            return DecodeError.BadSample;
        ref FlowRecord record = ref context.AddRecord();
        DecodeError error = ReadFlow(ref reader, ref record, context);
        isFlow = FlowSample.IsWorthKeeping(in record);
        if (!isFlow)
            context.RemoveRecord();
        return error;
    }

    /*
         0  sequence   4  source   8  interval   12  type, what it has
    */
    private static DecodeError ReadCounters(ref WireReader reader, DecodeContext context)
    {
        if (!reader.TryReadUInt32(out _) || !reader.TryReadUInt32(out uint source) || !reader.TryReadUInt32(out _) || !reader.TryReadUInt32(out uint type))
            return DecodeError.Truncated;
        if (!CounterBlocks.TryGetValue(type, out (uint Format, int Length)[]? blocks))
            return DecodeError.BadSample;
        foreach ((uint format, int length) in blocks)
        {
            if (!reader.TryTake(length, out ReadOnlySpan<byte> octets))
                return DecodeError.Truncated;
            CounterSample.Note(format, source, octets, context);
        }

        return DecodeError.None;
    }

    /*
         0  the head, as in version 5, but for the number of parts   28  how the packet is described, its description   n  parts, each: type, content
    */
    private static DecodeError ReadFlow(ref WireReader reader, ref FlowRecord record, DecodeContext context)
    {
        if (!FlowSample.TryReadHead(ref reader, isExpanded: false, ref record, context, out uint packetType))
            return DecodeError.Truncated;
        DecodeError error = Read(Packets, packetType, ref reader, ref record);
        if (error != DecodeError.None)
            return error;
        if (!reader.TryReadUInt32(out uint parts))
            return DecodeError.Truncated;
        for (; parts > 0 && error == DecodeError.None; parts--)
            error = reader.TryReadUInt32(out uint type) ? Read(Parts, type, ref reader, ref record) : DecodeError.Truncated;
        return error;
    }

    private static DecodeError Read(Dictionary<uint, SamplePartReader> table, uint type, ref WireReader reader, ref FlowRecord record)
        => table.TryGetValue(type, out SamplePartReader? read) ? read(ref reader, ref record) : DecodeError.BadSample;

    /*
         0  header_protocol   4  frame_length   8  length   12  the first octets of the packet
    */
    private static DecodeError ReadPacket(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint protocol) || !part.TryReadUInt32(out uint frameLength))
            return DecodeError.Truncated;
        DecodeError error = Xdr.TryTakeOpaque(ref part, out WireReader packet);
        if (error != DecodeError.None)
            return error;
        record.Octets = frameLength;
        new PacketParser(packet.Rest, ref record).TryParse(protocol);
        return DecodeError.None;
    }

    /*
         0  AS of the router   4  source AS   8  source peer AS   12  the path, as in version 5   n  communities: count, so many   m  local preference
    */
    private static DecodeError ReadGateway(ref WireReader part, ref FlowRecord record)
    {
        DecodeError error = SamplePartTable.ReadSystems(ref part, ref record);
        if (error != DecodeError.None)
            return error;
        if (!part.TryReadUInt32(out uint communities))
            return DecodeError.Truncated;
        if (communities > part.Remaining / sizeof(uint))
            return DecodeError.BadSample;
        return part.TryTake((int)communities * sizeof(uint) + sizeof(uint), out _) ? DecodeError.None : DecodeError.Truncated;
    }

    private static DecodeError ReadUrl(ref WireReader part, ref FlowRecord record)
        => part.TryReadUInt32(out _) ? SkipStrings(ref part, 1) : DecodeError.Truncated;

    private static DecodeError SkipStrings(ref WireReader part, int count)
    {
        DecodeError error = DecodeError.None;
        for (; count > 0 && error == DecodeError.None; count--)
            error = Xdr.TryTakeOpaque(ref part, out _);
        return error;
    }
}
