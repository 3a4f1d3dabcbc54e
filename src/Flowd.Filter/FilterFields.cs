using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Which sections of a record rules look at, for readers that need not read the others.</summary>
public static class FilterFields
{
    private static readonly FilterRule AsksNothing = new();

    /// <summary>At least what the rules look at; everything if one has a clause that is not known here.</summary>
    public static LogFields ReadBy(IEnumerable<FilterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        LogFields fields = LogFields.None;
        foreach (FilterRule rule in rules)
            fields |= ReadBy(rule);
        return fields;
    }

    private static LogFields ReadBy(FilterRule rule)
    {
        if (Unknown(rule) != AsksNothing)
            return LogFields.Everything;
        return Of(rule.Agent, LogFields.AgentAddr)
            | Of(rule.InputInterface, LogFields.IfIndices)
            | Of(rule.OutputInterface, LogFields.IfIndices)
            | Of(rule.Family, LogFields.SrcDstAddr)
            | Of(rule.Source, LogFields.SrcAddr)
            | Of(rule.Source?.Port, LogFields.SrcDstPort)
            | Of(rule.Destination, LogFields.DstAddr)
            | Of(rule.Destination?.Port, LogFields.SrcDstPort)
            | Of(rule.Protocol, LogFields.ProtoFlagsTos)
            | Of(rule.TypeOfService, LogFields.ProtoFlagsTos)
            | Of(rule.TcpFlags, LogFields.ProtoFlagsTos)
            | (rule.Days != DaySet.None ? LogFields.RecvTime : LogFields.None)
            | Of(rule.AfterTime, LogFields.RecvTime)
            | Of(rule.BeforeTime, LogFields.RecvTime)
            | Of(rule.AfterDate, LogFields.RecvTime)
            | Of(rule.BeforeDate, LogFields.RecvTime);
    }

    private static LogFields Of<T>(T? clause, LogFields fields)
        where T : struct
        => clause is null ? LogFields.None : fields;

    // What is left of a rule without the clauses above.
    private static FilterRule Unknown(FilterRule rule) => rule with
    {
        Action = default,
        Tag = null,
        Quick = false,
        Agent = null,
        InputInterface = null,
        OutputInterface = null,
        Family = null,
        Source = null,
        Destination = null,
        Protocol = null,
        TypeOfService = null,
        TcpFlags = null,
        Days = DaySet.None,
        AfterTime = null,
        BeforeTime = null,
        AfterDate = null,
        BeforeDate = null,
    };
}
