using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Turns the clauses about what version 3.1 of the log adds into tests. What a record does not have is equal to nothing.</summary>
internal static class ExtendedTests
{
    private const byte Icmp = 1;
    private const byte Icmp6 = 58;

    public static void Add(FilterRule rule, List<ExtendedTest> tests)
    {
        Add(tests, rule.Vlan, static vlan => (in r, _) => Has(in r, LogFields.Layer2)
            && (r.Layer2.Vlan == vlan || r.Layer2.PostVlan == vlan || r.Layer2.CustomerVlan == vlan || r.Layer2.PostCustomerVlan == vlan));
        Add(tests, rule.Mac, static mac => (in r, _) => Has(in r, LogFields.Layer2) && (r.Layer2.SourceMac == mac || r.Layer2.DestinationMac == mac));
        Add(tests, rule.Sampling, static rate => (in r, _) => rate.Holds(r.Sampling.Rate)); // an unknown rate is 0
        Add(tests, rule.Direction, static direction => (in r, _) => Has(in r, LogFields.Status) && r.Status.Direction == direction);
        Add(tests, rule.MplsLabel, static label => (in r, _) => Has(in r, LogFields.Mpls) && HasLabel(in r, label));
        AddNat(tests, rule.Nat?.Source, static (in r) => r.Nat.PostSource, static (in r) => r.Nat.PostSourcePort);
        AddNat(tests, rule.Nat?.Destination, static (in r) => r.Nat.PostDestination, static (in r) => r.Nat.PostDestinationPort);
        Add(tests, rule.Application, static id => (in r, _) => Has(in r, LogFields.Application) && r.ApplicationId == id);
        Add(tests, rule.Icmp, static icmp => (in r, _) => Has(in r, LogFields.Status) && r.Protocol is Icmp or Icmp6
            && r.Status.IcmpType == icmp.Type && (icmp.Code ?? r.Status.IcmpCode) == r.Status.IcmpCode);
        foreach (Clause<ElementTest> element in rule.Elements.All)
            Add<ElementTest>(tests, element, static test => (in _, other) => test.Holds(other));
    }

    private delegate Address AddressOf(in FlowRecord record);

    private delegate ushort PortOf(in FlowRecord record);

    private static void AddNat(List<ExtendedTest> tests, EndpointClause? endpoint, AddressOf address, PortOf port)
    {
        if (endpoint is not { } end)
            return;
        Prefix network = end.Network.Value;
        tests.Add(new ExtendedTest((in r, _) => Has(in r, LogFields.Nat) && (network.IsAny || network.Contains(address(in r))), end.Network.Negated));
        Add(tests, end.Port, wanted => (in r, _) => Has(in r, LogFields.Nat) && port(in r) == wanted);
    }

    private static void Add<T>(List<ExtendedTest> tests, Clause<T>? clause, Func<T, RecordTest> compile)
    {
        if (clause is { } written)
            tests.Add(new ExtendedTest(compile(written.Value), written.Negated));
    }

    private static bool Has(in FlowRecord record, LogFields field) => (record.Fields & field) != 0;

    private static bool HasLabel(in FlowRecord record, uint label)
    {
        for (int i = 0; i < MplsLabels.Length && record.Mpls[i] != 0; i++)
        {
            if (MplsLabels.LabelOf(record.Mpls[i]) == label)
                return true;
        }

        return false;
    }
}
