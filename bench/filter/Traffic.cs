using System;
using System.Linq;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Bench;

/// <summary>
/// Rules as operators write them, and flows that meet them. Half of all rules name a network at one end and a service, the others networks at both ends, hosts,
/// interfaces, services alone or flags. Of 100 rules 2 are quick, 15 ask for what must not be so, 12 are about IPv6. Whether there are 10 rules or 10,000, about as many
/// match a flow.
/// </summary>
internal sealed class Traffic(int seed)
{
    private static readonly ushort[] Services = [443, 443, 443, 80, 53, 22, 25, 123, 993, 8080];

    private readonly Random _random = new(seed);

    public FilterRule[] Rules(int count)
    {
        var rules = new FilterRule[count];
        for (int i = 0; i < count; i++)
            rules[i] = Rule();
        return rules;
    }

    /// <summary>Two of three flows are made after a rule, so that they meet its clauses if no other rule is in the way; the others are anything.</summary>
    public Flow[] Flows(FilterRule[] rules, int count)
    {
        var flows = new Flow[count];
        for (int i = 0; i < count; i++)
            flows[i] = rules.Length == 0 || _random.Next(3) == 0 ? Anything() : After(rules[_random.Next(rules.Length)]);
        return flows;
    }

    private Flow Anything()
    {
        bool isTcp = _random.Next(10) < 7;
        return new Flow
        {
            SourceAddress = Records.Address.FromIPv4(Low()),
            DestinationAddress = Records.Address.FromIPv4(Low()),
            SourcePort = (ushort)_random.Next(32768, 61000),
            DestinationPort = Service(),
            Protocol = isTcp ? (byte)6 : (byte)17,
            TcpFlags = isTcp ? (byte)0x1B : (byte)0,
            InputInterface = (uint)_random.Next(1, 1000),
        };
    }

    private Flow After(FilterRule rule)
    {
        Flow flow = Anything();
        Condition[] parts = [.. rule.When.Tree()];
        AddressFamily family = parts.OfType<AddressIn>().Select(static part => part.Prefixes.Family).DefaultIfEmpty().Max();
        flow.SourceAddress = In(default, family);
        flow.DestinationAddress = In(default, family);
        foreach (Condition part in rule.When is AllOf all ? all.Parts : [rule.When])
            Meet(ref flow, part, family);
        return flow;
    }

    private void Meet(ref Flow flow, Condition part, AddressFamily family)
    {
        switch (part)
        {
            case AddressIn { Field: AddressField.Source } source:
                flow.SourceAddress = In(source.Prefixes.Prefixes().Single(), family);
                break;
            case AddressIn destination:
                flow.DestinationAddress = In(destination.Prefixes.Prefixes().Single(), family);
                break;
            case NumberIn { Field: NumberField.Protocol } protocol:
                flow.Protocol = (byte)protocol.Numbers.Ranges[0].Low;
                break;
            case NumberIn { Field: NumberField.InputInterface } input:
                flow.InputInterface = (uint)input.Numbers.Ranges[0].Low;
                break;
            case NumberIn { Field: NumberField.DestinationPort } port:
                flow.DestinationPort = (ushort)port.Numbers.Ranges[0].Low;
                break;
            case NumberIn { Field: NumberField.SourcePort } port:
                flow.SourcePort = (ushort)port.Numbers.Ranges[0].Low;
                break;
            case FlagsIn flags:
                flow.TcpFlags = (byte)flags.Numbers.Ranges[0].Low;
                break;
        }
    }

    private Address In(Prefix network, AddressFamily family)
    {
        if (network.IsAny)
            return family == AddressFamily.IPv6 ? Records.Address.FromIPv6(High(), (ulong)_random.NextInt64()) : Records.Address.FromIPv4(Low());
        return network.Address.Family == AddressFamily.IPv4
            ? Records.Address.FromIPv4((uint)network.Address.Low | (uint)_random.NextInt64(1L << (32 - network.Length)))
            : network.Length == 128 ? network.Address : Records.Address.FromIPv6(network.Address.High | (uint)_random.Next(1 << 16), (ulong)_random.NextInt64());
    }

    private Prefix RandomPrefix()
    {
        bool isSix = _random.Next(100) < 12;
        return isSix ? new Prefix(Records.Address.FromIPv6(Masked(High(), 48), 0), 48) : Network4(_random.Next(20) == 0 ? 16 : _random.Next(22, 25));
    }

    private FilterRule Rule()
    {
        FilterAction action = _random.Next(3) == 0 ? FilterAction.Discard : FilterAction.Accept;
        return new FilterRule
        {
            Action = action,
            Quick = _random.Next(50) == 0,
            Tags = action == FilterAction.Accept ? [(uint)_random.Next(1, 5000)] : [],
            When = Condition.All(Clauses()),
        };
    }

    private Condition[] Clauses()
    {
        Prefix network = RandomPrefix();
        return _random.Next(20) switch
        {
            < 5 => [Protocol(), Address(AddressField.Destination, network), Port(NumberField.DestinationPort)],
            < 10 => [Protocol(), Address(AddressField.Source, network), Port(NumberField.SourcePort)],
            < 14 => [Address(AddressField.Source, network), Unless(2, Address(AddressField.Destination, OfFamily(network)))],
            < 17 => [Address(AddressField.Destination, new Prefix(network.Address, (byte)network.Address.Bits))],
            17 => [Number(NumberField.InputInterface, (uint)_random.Next(1, 100_000)), Condition.Opposite(Address(AddressField.Source, network))],
            18 => [Number(NumberField.Protocol, 6), Address(AddressField.Destination, Prefix.Any), Number(NumberField.DestinationPort, (uint)_random.Next(1, 30_000))],
            _ => [Number(NumberField.Protocol, 6), Address(AddressField.Source, network), new FlagsIn(0x12, RangeSet.Of(0x02))],
        };
    }

    private Condition Unless(int oneIn, Condition condition) => _random.Next(oneIn) == 0 ? Condition.Opposite(condition) : condition;

    private static AddressIn Address(AddressField field, Prefix network) => new(field, PrefixSet.Of(network));

    private static NumberIn Number(NumberField field, ulong number) => new(field, RangeSet.Of(number));

    private Prefix OfFamily(Prefix other)
        => other.Address.Family == AddressFamily.IPv4 ? Network4(24) : new Prefix(Records.Address.FromIPv6(Masked(High(), 48), 0), 48);

    private Prefix Network4(int length) => new(Records.Address.FromIPv4(Low() >> (32 - length) << (32 - length)), (byte)length);

    private uint Low() => (uint)_random.NextInt64(0x01000000, 0xDF000000);

    private ulong High() => 0x2A00_0000_0000_0000 | (ulong)_random.NextInt64(1L << 52);

    private static ulong Masked(ulong high, int length) => high >> (64 - length) << (64 - length);

    private ushort Service() => Services[_random.Next(Services.Length)];

    private Condition Port(NumberField field) => Unless(10, Number(field, Service()));

    private NumberIn Protocol() => Number(NumberField.Protocol, _random.Next(3) == 0 ? 17ul : 6ul);
}
