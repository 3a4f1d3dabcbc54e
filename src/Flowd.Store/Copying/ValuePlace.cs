using System;
using System.Collections.Generic;
using System.Numerics;
using Flowd.Records;

namespace Flowd.Store.Copying;

/// <summary>Where a log has a value: in which section, at which octet of it, and how many octets it has there. Of an address, the section of IPv4 comes first.</summary>
internal readonly record struct ValuePlace(LogFields Section, int Offset, int Width)
{
    private static readonly Dictionary<RecordValue, ValuePlace> Places = new()
    {
        [RecordValue.TcpFlags] = new(LogFields.ProtoFlagsTos, 0, 1),
        [RecordValue.Protocol] = new(LogFields.ProtoFlagsTos, 1, 1),
        [RecordValue.TypeOfService] = new(LogFields.ProtoFlagsTos, 2, 1),
        [RecordValue.SourceAddress] = new(LogFields.SrcAddr, 0, 16),
        [RecordValue.DestinationAddress] = new(LogFields.DstAddr, 0, 16),
        [RecordValue.GatewayAddress] = new(LogFields.GatewayAddr, 0, 16),
        [RecordValue.SourcePort] = new(LogFields.SrcDstPort, 0, 2),
        [RecordValue.DestinationPort] = new(LogFields.SrcDstPort, 2, 2),
        [RecordValue.Packets] = new(LogFields.Packets, 0, 8),
        [RecordValue.Octets] = new(LogFields.Octets, 0, 8),
        [RecordValue.InputInterface] = new(LogFields.IfIndices, 0, 4),
        [RecordValue.OutputInterface] = new(LogFields.IfIndices, 4, 4),
        [RecordValue.FlowStart] = new(LogFields.FlowTimes, 0, 4),
        [RecordValue.FlowFinish] = new(LogFields.FlowTimes, 4, 4),
        [RecordValue.SourceAs] = new(LogFields.AsInfo, 0, 4),
        [RecordValue.DestinationAs] = new(LogFields.AsInfo, 4, 4),
        [RecordValue.SourceMask] = new(LogFields.AsInfo, 8, 1),
        [RecordValue.DestinationMask] = new(LogFields.AsInfo, 9, 1),
        [RecordValue.EngineType] = new(LogFields.FlowEngineInfo, 0, 2),
        [RecordValue.EngineId] = new(LogFields.FlowEngineInfo, 2, 2),
        [RecordValue.ReceivedSeconds] = new(LogFields.RecvTime, 0, 4),
        [RecordValue.AgentAddress] = new(LogFields.AgentAddr, 0, 16),
        [RecordValue.Tag] = new(LogFields.Tag, 0, 4),
    };

    /// <summary>The place of what stands at such a place on the wire. An address has the section of its family.</summary>
    public static ValuePlace Of(in WirePlace wire)
    {
        ValuePlace place = Places[wire.Value];
        return place.Width == LengthOfIPv6 ? new ValuePlace(SectionOf(place.Section, wire.Length), 0, wire.Length) : place;
    }

    /// <summary>The places of what a record of the log has, by where each of its sections begins.</summary>
    public static IEnumerable<WirePlace> In(LogFields fields, ushort[] offsets)
    {
        foreach ((RecordValue value, ValuePlace place) in Places)
        {
            LogFields section = fields & place.Section;
            if (section == LogFields.None)
                continue;
            int bit = BitOperations.TrailingZeroCount((uint)section);
            yield return new WirePlace(value, offsets[bit] + place.Offset, Math.Min(place.Width, LogSections.Rows[bit].Length));
        }
    }

    private const int LengthOfIPv6 = 16;

    private static LogFields SectionOf(LogFields families, int length)
        => families & (length == LengthOfIPv6
            ? LogFields.SrcAddr6 | LogFields.DstAddr6 | LogFields.GatewayAddr6
            : LogFields.SrcAddr4 | LogFields.DstAddr4 | LogFields.GatewayAddr4);
}
