using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>An absolute time in a record on the wire: where, in octets, and how it is read.</summary>
internal readonly record struct TimePlace(int Offset, int Length, TimeReader Read)
{
    /// <summary>0, which is never odd, where there is none.</summary>
    public long Of(ReadOnlySpan<byte> record) => Read is null ? 0 : Read(record.Slice(Offset, Length));
}

/// <summary>
/// How records of a template can be stored without being decoded. Most templates have nothing but fields of fixed length whose values a log of version 3.0 has
/// just so, and others that it does not have.
/// </summary>
internal sealed record DirectPlan(WireLayout Layout, bool HasUptimes, TimePlace Start, TimePlace Finish)
{
    // Fields that the log has as they are. Section: what a record with an address has; the other fields' elements say theirs.
    private static readonly Dictionary<FlowField, (RecordValue Value, LogFields Section)> Values = new()
    {
        [FlowField.Octets] = (RecordValue.Octets, LogFields.None),
        [FlowField.Packets] = (RecordValue.Packets, LogFields.None),
        [FlowField.Protocol] = (RecordValue.Protocol, LogFields.None),
        [FlowField.TypeOfService] = (RecordValue.TypeOfService, LogFields.None),
        [FlowField.TcpFlags] = (RecordValue.TcpFlags, LogFields.None),
        [FlowField.SourcePort] = (RecordValue.SourcePort, LogFields.None),
        [FlowField.DestinationPort] = (RecordValue.DestinationPort, LogFields.None),
        [FlowField.SourceIPv4] = (RecordValue.SourceAddress, LogFields.SrcAddr4),
        [FlowField.DestinationIPv4] = (RecordValue.DestinationAddress, LogFields.DstAddr4),
        [FlowField.NextHopIPv4] = (RecordValue.GatewayAddress, LogFields.GatewayAddr4),
        [FlowField.SourceIPv6] = (RecordValue.SourceAddress, LogFields.SrcAddr6),
        [FlowField.DestinationIPv6] = (RecordValue.DestinationAddress, LogFields.DstAddr6),
        [FlowField.NextHopIPv6] = (RecordValue.GatewayAddress, LogFields.GatewayAddr6),
        [FlowField.SourceMaskIPv4] = (RecordValue.SourceMask, LogFields.None),
        [FlowField.DestinationMaskIPv4] = (RecordValue.DestinationMask, LogFields.None),
        [FlowField.SourceMaskIPv6] = (RecordValue.SourceMask, LogFields.None),
        [FlowField.DestinationMaskIPv6] = (RecordValue.DestinationMask, LogFields.None),
        [FlowField.InputInterface] = (RecordValue.InputInterface, LogFields.None),
        [FlowField.OutputInterface] = (RecordValue.OutputInterface, LogFields.None),
        [FlowField.SourceAs] = (RecordValue.SourceAs, LogFields.None),
        [FlowField.DestinationAs] = (RecordValue.DestinationAs, LogFields.None),
        [FlowField.FlowStart] = (RecordValue.FlowStart, LogFields.None),
        [FlowField.FlowFinish] = (RecordValue.FlowFinish, LogFields.None),
        [FlowField.EngineType] = (RecordValue.EngineType, LogFields.None),
        [FlowField.EngineId] = (RecordValue.EngineId, LogFields.None),
    };

    // With these it depends on the record what is stored, or it is worked out.
    private static readonly FieldSet Work = FieldSet.Of(
        FlowField.Frame, FlowField.FlowStartDelta, FlowField.FlowFinishDelta, FlowField.FlowDuration, FlowField.EventTime, FlowField.SystemInitTime);

    public bool HasTimes => Start.Read is not null || Finish.Read is not null;

    /// <summary>True if the times of the log need no working out: they are uptimes, or the header tells none to work them out with.</summary>
    public bool Suits(in AgentClock clock) => HasUptimes || !HasTimes || clock.Uptime is null;

    /// <summary>Null if the records have to be decoded.</summary>
    /// <param name="steps">The fields that are kept, with their elements.</param>
    /// <param name="present">The elements.</param>
    /// <param name="sections">What a record has by them, but for addresses.</param>
    /// <param name="length">Of a record.</param>
    public static DirectPlan? TryCompile(IEnumerable<(Element Element, PlanStep Step)> steps, FieldSet present, LogFields sections, int length)
    {
        bool hasBothFamilies = present.HasAny(FieldSets.AddressesIPv4) && present.HasAny(FieldSets.AddressesIPv6);
        if (length < WireLayout.LeastLength || present.HasAny(Work) || hasBothFamilies)
            return null;
        var places = ImmutableArray.CreateBuilder<WirePlace>();
        TimePlace start = default, finish = default;
        foreach ((Element element, PlanStep step) in steps)
        {
            if (element.ReadTime is { } read)
            {
                ref TimePlace time = ref element.Field == FlowField.FlowStartAbsolute ? ref start : ref finish;
                time = new TimePlace(step.Offset, step.Length, read);
            }
            else if (Values.TryGetValue(element.Field, out (RecordValue Value, LogFields Section) known))
            {
                if (places.Any(place => place.Value == known.Value) || (FieldSets.UptimeTimes.Has(element.Field) && step.Length > sizeof(uint)))
                    return null;
                int octets = known.Value == RecordValue.TcpFlags ? 1 : step.Length; // of 16 flags the log has 8
                places.Add(new WirePlace(known.Value, step.Offset + step.Length - octets, octets));
                sections |= known.Section;
            }
        }

        return new DirectPlan(new WireLayout(sections | LogFields.FlowEngineInfo, length, places.ToImmutable()), present.HasAny(FieldSets.UptimeTimes), start, finish);
    }
}
