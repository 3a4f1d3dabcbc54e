using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Which sections of a record rules look at, for readers that need not read the others.</summary>
public static class FilterFields
{
    /// <summary>At least what the rules look at; everything if one asks for what is not known here.</summary>
    public static LogFields ReadBy(IEnumerable<FilterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.SelectMany(static rule => rule.When.Tree()).Aggregate(LogFields.None, static (fields, condition) => fields | ReadBy(condition));
    }

    private static LogFields ReadBy(Condition condition) => condition switch
    {
        AllOf or AnyOf or Not => LogFields.None, // their parts are asked
        NumberIn number => WireValues.SectionOf(number.Field),
        AddressIn address => WireValues.SectionOf(address.Field),
        FamilyIs => LogFields.SrcDstAddr,
        FlagsIn => LogFields.ProtoFlagsTos,
        DayIn or TimeIn or DateIn => LogFields.RecvTime,
        _ => LogFields.Everything,
    };
}
