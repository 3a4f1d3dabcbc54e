using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Which sections of a record rules look at, for readers that need not read the others.</summary>
public static class FilterFields
{
    // Of fields that are not here everything is read.
    private static readonly Dictionary<NumberField, LogFields> Numbers = new()
    {
        [NumberField.InputInterface] = LogFields.IfIndices,
        [NumberField.OutputInterface] = LogFields.IfIndices,
        [NumberField.SourcePort] = LogFields.SrcDstPort,
        [NumberField.DestinationPort] = LogFields.SrcDstPort,
        [NumberField.SourceAs] = LogFields.AsInfo,
        [NumberField.DestinationAs] = LogFields.AsInfo,
        [NumberField.SourceMask] = LogFields.AsInfo,
        [NumberField.DestinationMask] = LogFields.AsInfo,
        [NumberField.Protocol] = LogFields.ProtoFlagsTos,
        [NumberField.TypeOfService] = LogFields.ProtoFlagsTos,
        [NumberField.Packets] = LogFields.Packets,
        [NumberField.Octets] = LogFields.Octets,
    };

    private static readonly Dictionary<AddressField, LogFields> Addresses = new()
    {
        [AddressField.Agent] = LogFields.AgentAddr,
        [AddressField.Source] = LogFields.SrcAddr,
        [AddressField.Destination] = LogFields.DstAddr,
        [AddressField.NextHop] = LogFields.GatewayAddr,
    };

    /// <summary>At least what the rules look at; everything if one asks for what is not known here.</summary>
    public static LogFields ReadBy(IEnumerable<FilterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.SelectMany(static rule => rule.When.Tree()).Aggregate(LogFields.None, static (fields, condition) => fields | ReadBy(condition));
    }

    private static LogFields ReadBy(Condition condition) => condition switch
    {
        AllOf or AnyOf or Not => LogFields.None, // their parts are asked
        NumberIn number => Numbers.GetValueOrDefault(number.Field, LogFields.Everything),
        AddressIn address => Addresses.GetValueOrDefault(address.Field, LogFields.Everything),
        FamilyIs => LogFields.SrcDstAddr,
        FlagsIn => LogFields.ProtoFlagsTos,
        DayIn or TimeIn or DateIn => LogFields.RecvTime,
        _ => LogFields.Everything,
    };
}
