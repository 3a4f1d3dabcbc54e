using System;
using System.Collections.Generic;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What the rules mean, read off the manual clause by clause; too simple to be wrong, and slow.</summary>
internal static class FilterOracle
{
    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Verdict Evaluate(IReadOnlyList<FilterRule> rules, in FlowRecord record, TimeZoneInfo zone, RuleCounters[] counters)
    {
        int winner = -1;
        for (int i = 0; i < rules.Count; i++)
        {
            counters[i].Evaluations++;
            if (!Matches(rules[i], record, zone))
                continue;
            counters[i].Matches++;
            winner = i;
            if (rules[i].Quick)
                break;
        }

        if (winner < 0)
            return new Verdict(FilterAction.Accept, false, 0, -1);
        counters[winner].Wins++;
        FilterRule rule = rules[winner];
        return new Verdict(rule.Action, rule.Tag is not null, rule.Tag.GetValueOrDefault(), winner);
    }

    private static bool Matches(FilterRule rule, FlowRecord record, TimeZoneInfo zone)
        => Holds(rule.Agent, network => Contains(network, record.AgentAddress))
        && Holds(rule.InputInterface, index => record.InputInterface == index)
        && Holds(rule.OutputInterface, index => record.OutputInterface == index)
        && Holds(rule.Family, family => record.SourceAddress.Family == family || record.DestinationAddress.Family == family)
        && Holds(rule.Source?.Network, network => Contains(network, record.SourceAddress))
        && Holds(rule.Destination?.Network, network => Contains(network, record.DestinationAddress))
        && Holds(rule.Source?.Port, port => record.SourcePort == port)
        && Holds(rule.Destination?.Port, port => record.DestinationPort == port)
        && Holds(rule.Protocol, protocol => record.Protocol == protocol)
        && Holds(rule.TypeOfService, service => record.TypeOfService == service)
        && Holds(rule.TcpFlags, flags => (record.TcpFlags & flags.Mask) == flags.Flags)
        && MatchesReception(rule, record.ReceivedSeconds, zone);

    private static bool MatchesReception(FilterRule rule, uint received, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(Epoch.AddSeconds(received), zone);
        TimeOnly time = TimeOnly.FromDateTime(local);
        return (rule.Days == DaySet.None || rule.Days.HasFlag(Enum.Parse<DaySet>(local.DayOfWeek.ToString())))
            && (rule.AfterTime is not { } afterTime || time >= afterTime)
            && (rule.BeforeTime is not { } beforeTime || time <= beforeTime)
            && (rule.AfterDate is not { } afterDate || received > Instant(afterDate, zone))
            && (rule.BeforeDate is not { } beforeDate || received < Instant(beforeDate, zone));
    }

    private static bool Holds<T>(Clause<T>? clause, Func<T, bool> test)
        => clause is not { } written || test(written.Value) != written.Negated;

    private static bool Contains(Prefix network, Address address)
    {
        if (network.IsAny)
            return true;
        return address.Family == network.Address.Family && Bits(address)[..network.Length] == Bits(network.Address)[..network.Length];
    }

    private static string Bits(Address address)
        => (Convert.ToString(unchecked((long)address.High), 2).PadLeft(64, '0') + Convert.ToString(unchecked((long)address.Low), 2).PadLeft(64, '0'))[^address.Bits..];

    private static long Instant(LocalTime wall, TimeZoneInfo zone)
    {
        DateTime local = wall.Date.ToDateTime(wall.Time);
        TimeSpan offset = zone.IsAmbiguousTime(local) ? Max(zone.GetAmbiguousTimeOffsets(local))
            : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-3))
            : zone.GetUtcOffset(local);
        return (long)(local - offset - Epoch).TotalSeconds;
    }

    private static TimeSpan Max(TimeSpan[] offsets) => offsets[0] > offsets[1] ? offsets[0] : offsets[1];
}
