using static Flowd.Decode.Sets.FlowField;

namespace Flowd.Decode.Sets;

/// <summary>Fields that belong together.</summary>
internal static class FieldSets
{
    public static readonly FieldSet AddressesIPv4 = FieldSet.Of(SourceIPv4, DestinationIPv4);
    public static readonly FieldSet AddressesIPv6 = FieldSet.Of(SourceIPv6, DestinationIPv6);
    public static readonly FieldSet Addresses = FieldSet.Of(SourceIPv4, DestinationIPv4, SourceIPv6, DestinationIPv6);
    public static readonly FieldSet NextHopsIPv4 = FieldSet.Of(NextHopIPv4);
    public static readonly FieldSet NextHopsIPv6 = FieldSet.Of(NextHopIPv6);

    /// <summary>What <see cref="RecordDraft.Finish"/> has to make times of.</summary>
    public static readonly FieldSet Times = FieldSet.Of(
        FlowStart, FlowFinish, FlowStartAbsolute, FlowFinishAbsolute, FlowStartDelta, FlowFinishDelta, FlowDuration, EventTime, SystemInitTime);

    public static readonly FieldSet UptimeTimes = FieldSet.Of(FlowStart, FlowFinish);

    public static readonly FieldSet Icmp = FieldSet.Of(IcmpTypeCode, IcmpType, IcmpCode);

    /// <summary>A record with none but these tells nothing about a flow.</summary>
    public static readonly FieldSet Auxiliary = FieldSet.Of(
        EngineType, EngineId, IpVersion, FlowStartAbsolute, FlowFinishAbsolute, FlowStartDelta, FlowFinishDelta, FlowDuration, EventTime, SystemInitTime,
        OriginalExporterIPv4, OriginalExporterIPv6, OriginalDomain);
}
