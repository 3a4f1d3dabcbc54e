using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>Turns the clauses of rules into tests, all rules' tests one behind the other.</summary>
internal sealed class RuleCompiler(TimeZoneInfo zone)
{
    public List<NumberTest> Numbers { get; } = [];

    public List<AddressTest> Addresses { get; } = [];

    public List<ExtendedTest> Extended { get; } = [];

    public CompiledRule Add(FilterRule rule, int index)
    {
        int firstNumber = Numbers.Count;
        int firstAddress = Addresses.Count;
        int firstExtended = Extended.Count;
        AddFlow(rule);
        AddEndpoint(rule.Source, AddressRole.Source, RecordField.SourcePort);
        AddEndpoint(rule.Destination, AddressRole.Destination, RecordField.DestinationPort);
        AddReception(rule);
        ExtendedTests.Add(rule, Extended);

        var verdict = new Verdict(rule.Action, rule.Tag.HasValue, rule.Tag ?? 0, index);
        return new CompiledRule(firstNumber, Numbers.Count, firstAddress, Addresses.Count, firstExtended, Extended.Count, rule.Quick, verdict);
    }

    private void AddFlow(FilterRule rule)
    {
        if (rule.Agent is { } agent)
            AddNetwork(AddressRole.Agent, agent);
        if (rule.InputInterface is { } input)
            Numbers.Add(NumberTest.Is(RecordField.InputInterface, input.Value, input.Negated));
        if (rule.OutputInterface is { } output)
            Numbers.Add(NumberTest.Is(RecordField.OutputInterface, output.Value, output.Negated));
        if (rule.Family is { } family)
            Numbers.Add(NumberTest.Any(RecordField.Families, NumberTest.FamilyBit(family.Value), family.Negated));
        if (rule.Protocol is { } protocol)
            Numbers.Add(NumberTest.Is(RecordField.Protocol, protocol.Value, protocol.Negated));
        if (rule.TypeOfService is { } service)
            Numbers.Add(NumberTest.Is(RecordField.TypeOfService, service.Value, service.Negated));
        if (rule.TcpFlags is { } flags)
            Numbers.Add(new NumberTest(RecordField.TcpFlags, flags.Negated, flags.Value.Mask, flags.Value.Flags, flags.Value.Flags));
    }

    private void AddEndpoint(EndpointClause? endpoint, AddressRole role, RecordField portField)
    {
        if (endpoint is not { } end)
            return;
        AddNetwork(role, end.Network);
        if (end.Port is { } port)
            Numbers.Add(NumberTest.Is(portField, port.Value, port.Negated));
    }

    private void AddNetwork(AddressRole role, Clause<Prefix> network)
    {
        if (!network.Value.IsAny || network.Negated)
            Addresses.Add(new AddressTest(role, network.Negated, network.Value));
    }

    private void AddReception(FilterRule rule)
    {
        if (rule.Days != DaySet.None)
            Numbers.Add(NumberTest.Any(RecordField.Day, (long)rule.Days, negated: false));
        if (rule.AfterTime is { } afterTime)
            Numbers.Add(NumberTest.Between(RecordField.SecondOfDay, LocalTime.SecondOfDay(afterTime), long.MaxValue));
        if (rule.BeforeTime is { } beforeTime)
            Numbers.Add(NumberTest.Between(RecordField.SecondOfDay, 0, LocalTime.SecondOfDay(beforeTime)));
        if (rule.AfterDate is { } afterDate)
            Numbers.Add(NumberTest.Between(RecordField.ReceivedSeconds, LocalClock.ToInstant(zone, afterDate) + 1, long.MaxValue));
        if (rule.BeforeDate is { } beforeDate)
            Numbers.Add(NumberTest.Between(RecordField.ReceivedSeconds, long.MinValue, LocalClock.ToInstant(zone, beforeDate) - 1));
    }
}
