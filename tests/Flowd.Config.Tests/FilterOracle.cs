using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>What the rules mean, read off the manual clause by clause; too simple to be wrong, and slow.</summary>
internal static class FilterOracle
{
    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Verdict Evaluate(IReadOnlyList<FilterRule> rules, in FlowRecord record, TimeZoneInfo zone, RuleCounters[] counters, List<uint> tags)
    {
        int winner = -1;
        tags.Clear();
        uint? tag = null;
        for (int i = 0; i < rules.Count; i++)
        {
            counters[i].Evaluations++;
            if (!Holds(rules[i].When, record, zone))
                continue;
            counters[i].Matches++;
            if (rules[i].Action == FilterAction.Match)
            {
                tags.AddRange(rules[i].Tags);
                tag = rules[i].Tags.Count > 0 ? rules[i].Tags[0] : tag;
                continue;
            }

            winner = i;
            if (rules[i].Quick)
                break;
        }

        if (winner < 0)
            return new Verdict(FilterAction.Accept, tag is not null, tag.GetValueOrDefault(), -1);
        counters[winner].Wins++;
        FilterRule rule = rules[winner];
        tags.AddRange(rule.Tags);
        tag = rule.Tags.Count > 0 ? rule.Tags[0] : tag;
        return new Verdict(rule.Action, tag is not null, tag.GetValueOrDefault(), winner);
    }

    private static bool Holds(Condition condition, FlowRecord record, TimeZoneInfo zone) => condition switch
    {
        AllOf all => all.Parts.All(part => Holds(part, record, zone)),
        AnyOf any => any.Parts.Any(part => Holds(part, record, zone)),
        Not not => !Holds(not.Part, record, zone),
        AddressIn { Field: AddressField.NatSource or AddressField.NatDestination } when !record.Fields.HasFlag(LogFields.Nat) => false,
        AddressIn { Field: AddressField.BgpNextHop } when !record.Fields.HasFlag(LogFields.Bgp) => false,
        AddressIn address => address.Prefixes.Prefixes().Any(prefix => Contains(prefix, AddressOf(record, address.Field))),
        NumberIn number => NumbersOf(record, number.Field).Any(value => number.Numbers.Ranges.Any(range => value >= range.Low && value <= range.High)),
        FamilyIs family => record.SourceAddress.Family == family.Family || record.DestinationAddress.Family == family.Family,
        FlagsIn flags => flags.Numbers.Ranges.Any(range => (ulong)(record.TcpFlags & flags.Mask) >= range.Low && (ulong)(record.TcpFlags & flags.Mask) <= range.High),
        ElementIn or ElementIs or ElementAddressIn => false, // these records have none
        _ => HoldsTime(condition, record.ReceivedSeconds, zone),
    };

    private static bool HoldsTime(Condition condition, uint received, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(Epoch.AddSeconds(received), zone);
        TimeOnly time = TimeOnly.FromDateTime(local);
        return condition switch
        {
            DayIn days => days.Days.HasFlag(Enum.Parse<DaySet>(local.DayOfWeek.ToString())),
            TimeIn { After: { } after, Before: { } before } when after > before => time >= after || time <= before,
            TimeIn window => (window.After is not { } after || time >= after) && (window.Before is not { } before || time <= before),
            DateIn window => (window.After is not { } after || received > Instant(after, zone)) && (window.Before is not { } before || received < Instant(before, zone)),
            _ => throw new ArgumentException(condition.ToString(), nameof(condition)),
        };
    }

    private static Address AddressOf(FlowRecord record, AddressField field) => field switch
    {
        AddressField.Agent => record.AgentAddress,
        AddressField.Source => record.SourceAddress,
        AddressField.Destination => record.DestinationAddress,
        AddressField.NextHop => record.GatewayAddress,
        AddressField.BgpNextHop => record.Bgp.NextHop,
        AddressField.NatSource => record.Nat.PostSource,
        _ => record.Nat.PostDestination,
    };

    private static ulong[] NumbersOf(FlowRecord record, NumberField field)
    {
        (LogFields needs, ulong[] numbers) = field switch
        {
            NumberField.InputInterface => (LogFields.None, [record.InputInterface]),
            NumberField.OutputInterface => (LogFields.None, [record.OutputInterface]),
            NumberField.SourcePort => (LogFields.None, [record.SourcePort]),
            NumberField.DestinationPort => (LogFields.None, [record.DestinationPort]),
            NumberField.SourceAs => (LogFields.AsInfo, [record.SourceAs]),
            NumberField.DestinationAs => (LogFields.AsInfo, [record.DestinationAs]),
            NumberField.SourceMask => (LogFields.AsInfo, [record.SourceMask]),
            NumberField.DestinationMask => (LogFields.AsInfo, [record.DestinationMask]),
            NumberField.Protocol => (LogFields.None, [record.Protocol]),
            NumberField.TypeOfService => (LogFields.None, [record.TypeOfService]),
            NumberField.Packets => (LogFields.Packets, [record.Packets]),
            NumberField.Octets => (LogFields.Octets, [record.Octets]),
            NumberField.Duration => (LogFields.None, DurationOf(record)),
            NumberField.BitRate => (LogFields.Octets, RateOf(record, new BigInteger(record.Octets) * 8)),
            NumberField.PacketRate => (LogFields.Packets, RateOf(record, record.Packets)),
            NumberField.Version => (LogFields.None, [record.Version]),
            NumberField.Sampling => (LogFields.None, [record.Sampling.Rate]),
            NumberField.Direction => (LogFields.Status, [record.Status.Direction]),
            NumberField.Vlan => (LogFields.Layer2, [record.Layer2.Vlan, record.Layer2.PostVlan, record.Layer2.CustomerVlan, record.Layer2.PostCustomerVlan]),
            NumberField.Mac => (LogFields.Layer2, [record.Layer2.SourceMac, record.Layer2.DestinationMac]),
            NumberField.MplsLabel => (LogFields.Mpls, LabelsOf(record)),
            NumberField.Application => (LogFields.Application, [record.ApplicationId]),
            NumberField.IcmpType => (LogFields.Status, record.Protocol is 1 or 58 ? new ulong[] { record.Status.IcmpType } : []),
            NumberField.IcmpCode => (LogFields.Status, record.Protocol is 1 or 58 ? new ulong[] { record.Status.IcmpCode } : []),
            NumberField.NatSourcePort => (LogFields.Nat, [record.Nat.PostSourcePort]),
            NumberField.NatDestinationPort => (LogFields.Nat, new ulong[] { record.Nat.PostDestinationPort }),
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };
        return record.Fields.HasFlag(needs) ? numbers : [];
    }

    private static ulong[] LabelsOf(FlowRecord record)
        => [.. Enumerable.Range(0, MplsLabels.Length).Select(i => record.Mpls[i]).TakeWhile(entry => entry != 0).Select(entry => (ulong)(entry / 4096))];

    private static ulong[] DurationOf(FlowRecord record)
    {
        if (record.Fields.HasFlag(LogFields.FlowTimesAbs) && record.FlowStartNanoseconds > 0 && record.FlowFinishNanoseconds > 0)
            return record.FlowStartNanoseconds > record.FlowFinishNanoseconds ? [] : [(record.FlowFinishNanoseconds - record.FlowStartNanoseconds) / 1_000_000];
        ulong difference = (record.FlowFinish + (1ul << 32) - record.FlowStart) % (1ul << 32);
        return record.Fields.HasFlag(LogFields.FlowTimes) && difference < 1ul << 31 ? [difference] : [];
    }

    private static ulong[] RateOf(FlowRecord record, BigInteger amount)
        => DurationOf(record) is [> 0 and ulong duration] ? [(ulong)BigInteger.Min(amount * 1000 / duration, ulong.MaxValue)] : [];

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
