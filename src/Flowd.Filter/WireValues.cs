using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Which value of records that are not decoded rules ask for by a field. Fields without one need more of a record, or come with its message.</summary>
internal static class WireValues
{
    private static readonly Dictionary<NumberField, RecordValue> Numbers = new()
    {
        [NumberField.InputInterface] = RecordValue.InputInterface,
        [NumberField.OutputInterface] = RecordValue.OutputInterface,
        [NumberField.SourcePort] = RecordValue.SourcePort,
        [NumberField.DestinationPort] = RecordValue.DestinationPort,
        [NumberField.SourceAs] = RecordValue.SourceAs,
        [NumberField.DestinationAs] = RecordValue.DestinationAs,
        [NumberField.SourceMask] = RecordValue.SourceMask,
        [NumberField.DestinationMask] = RecordValue.DestinationMask,
        [NumberField.Protocol] = RecordValue.Protocol,
        [NumberField.TypeOfService] = RecordValue.TypeOfService,
        [NumberField.Packets] = RecordValue.Packets,
        [NumberField.Octets] = RecordValue.Octets,
    };

    private static readonly Dictionary<AddressField, RecordValue> Addresses = new()
    {
        [AddressField.Agent] = RecordValue.AgentAddress,
        [AddressField.Source] = RecordValue.SourceAddress,
        [AddressField.Destination] = RecordValue.DestinationAddress,
        [AddressField.NextHop] = RecordValue.GatewayAddress,
    };

    public static RecordValue? Of(NumberField field) => Numbers.TryGetValue(field, out RecordValue value) ? value : null;

    public static RecordValue? Of(AddressField field) => Addresses.TryGetValue(field, out RecordValue value) ? value : null;
}
