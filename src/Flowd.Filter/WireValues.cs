using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>
/// Which value of a record rules ask for by a field, and in which section of a log it is. Fields without one need more of a record, or come with its message.
/// </summary>
internal static class WireValues
{
    private static readonly Dictionary<NumberField, (RecordValue Value, LogFields Section)> Numbers = new()
    {
        [NumberField.InputInterface] = (RecordValue.InputInterface, LogFields.IfIndices),
        [NumberField.OutputInterface] = (RecordValue.OutputInterface, LogFields.IfIndices),
        [NumberField.SourcePort] = (RecordValue.SourcePort, LogFields.SrcDstPort),
        [NumberField.DestinationPort] = (RecordValue.DestinationPort, LogFields.SrcDstPort),
        [NumberField.SourceAs] = (RecordValue.SourceAs, LogFields.AsInfo),
        [NumberField.DestinationAs] = (RecordValue.DestinationAs, LogFields.AsInfo),
        [NumberField.SourceMask] = (RecordValue.SourceMask, LogFields.AsInfo),
        [NumberField.DestinationMask] = (RecordValue.DestinationMask, LogFields.AsInfo),
        [NumberField.Protocol] = (RecordValue.Protocol, LogFields.ProtoFlagsTos),
        [NumberField.TypeOfService] = (RecordValue.TypeOfService, LogFields.ProtoFlagsTos),
        [NumberField.Packets] = (RecordValue.Packets, LogFields.Packets),
        [NumberField.Octets] = (RecordValue.Octets, LogFields.Octets),
    };

    private static readonly Dictionary<AddressField, (RecordValue Value, LogFields Section)> Addresses = new()
    {
        [AddressField.Agent] = (RecordValue.AgentAddress, LogFields.AgentAddr),
        [AddressField.Source] = (RecordValue.SourceAddress, LogFields.SrcAddr),
        [AddressField.Destination] = (RecordValue.DestinationAddress, LogFields.DstAddr),
        [AddressField.NextHop] = (RecordValue.GatewayAddress, LogFields.GatewayAddr),
    };

    public static RecordValue? Of(NumberField field) => Numbers.TryGetValue(field, out var found) ? found.Value : null;

    public static RecordValue? Of(AddressField field) => Addresses.TryGetValue(field, out var found) ? found.Value : null;

    /// <summary>The sections to read for the field; everything, if it is not known here.</summary>
    public static LogFields SectionOf(NumberField field) => Numbers.TryGetValue(field, out var found) ? found.Section : LogFields.Everything;

    public static LogFields SectionOf(AddressField field) => Addresses.TryGetValue(field, out var found) ? found.Section : LogFields.Everything;
}
