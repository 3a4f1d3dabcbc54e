using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Bench;

/// <summary>What FilterProgram is measured against: all rules, one after the other, as flat arrays of tests. Only the clauses that <see cref="Traffic"/> writes.</summary>
internal sealed class Walk
{
    private readonly NumberTest[] _numbers;
    private readonly AddressTest[] _addresses;
    private readonly CompiledRule[] _rules;
    private readonly RuleCounters[] _counters;

    public Walk(IReadOnlyList<FilterRule> rules)
    {
        var numbers = new List<NumberTest>();
        var addresses = new List<AddressTest>();
        _rules = new CompiledRule[rules.Count];
        _counters = new RuleCounters[rules.Count];
        for (int i = 0; i < rules.Count; i++)
        {
            (int firstNumber, int firstAddress) = (numbers.Count, addresses.Count);
            FilterRule rule = rules[i];
            foreach (Condition part in rule.When is AllOf all ? all.Parts : [rule.When])
                Add(part is Not not ? not.Part : part, part is Not, numbers, addresses);
            _rules[i] = new CompiledRule(firstNumber, numbers.Count, firstAddress, addresses.Count, rule.Quick, new Verdict(rule.Action, rule.Tags.Count > 0, rule.Tags.Count > 0 ? rule.Tags[0] : 0, i));
        }

        (_numbers, _addresses) = ([.. numbers], [.. addresses]);
    }

    public Verdict Evaluate(in FlowRecord record)
    {
        var verdict = new Verdict(FilterAction.Accept, Tagged: false, Tag: 0, Rule: -1);
        for (int i = 0; i < _rules.Length; i++)
        {
            ref readonly CompiledRule rule = ref _rules[i];
            _counters[i].Evaluations++;
            if (!Matches(in rule, in record))
                continue;
            _counters[i].Matches++;
            verdict = rule.Verdict;
            if (rule.Quick)
                break;
        }

        if (verdict.Rule >= 0)
            _counters[verdict.Rule].Wins++;
        return verdict;
    }

    public RuleCounters CountersOf(int rule) => _counters[rule];

    private bool Matches(in CompiledRule rule, in FlowRecord record)
    {
        foreach (ref readonly AddressTest test in _addresses.AsSpan(rule.FirstAddress, rule.EndAddress - rule.FirstAddress))
        {
            if (!test.Holds(in record))
                return false;
        }

        foreach (ref readonly NumberTest test in _numbers.AsSpan(rule.FirstNumber, rule.EndNumber - rule.FirstNumber))
        {
            if (!test.Holds(in record))
                return false;
        }

        return true;
    }

    private static void Add(Condition part, bool negated, List<NumberTest> numbers, List<AddressTest> addresses)
    {
        switch (part)
        {
            case AddressIn { Prefixes.IsAny: false } address:
                addresses.Add(new AddressTest(address.Field, address.Prefixes.Prefixes().Single(), negated));
                break;
            case NumberIn number:
                numbers.Add(new NumberTest(FieldOf(number.Field), negated, -1, (long)number.Numbers.Ranges[0].Low, (long)number.Numbers.Ranges[0].High));
                break;
            case FlagsIn flags:
                numbers.Add(new NumberTest(Field.TcpFlags, negated, flags.Mask, (long)flags.Numbers.Ranges[0].Low, (long)flags.Numbers.Ranges[0].High));
                break;
        }
    }

    private static Field FieldOf(NumberField field) => field switch
    {
        NumberField.Protocol => Field.Protocol,
        NumberField.InputInterface => Field.InputInterface,
        NumberField.SourcePort => Field.SourcePort,
        _ => Field.DestinationPort,
    };

    private readonly record struct CompiledRule(int FirstNumber, int EndNumber, int FirstAddress, int EndAddress, bool Quick, Verdict Verdict);

    private enum Field
    {
        Protocol,
        InputInterface,
        TcpFlags,
        SourcePort,
        DestinationPort,
    }

    private readonly record struct NumberTest(Field Field, bool Negated, long Mask, long Low, long High)
    {
        public bool Holds(in FlowRecord record)
        {
            long value = Load(in record) & Mask;
            return (value >= Low && value <= High) != Negated;
        }

        private long Load(in FlowRecord record) => Field switch
        {
            Field.Protocol => record.Protocol,
            Field.InputInterface => record.InputInterface,
            Field.TcpFlags => record.TcpFlags,
            Field.SourcePort => record.SourcePort,
            _ => record.DestinationPort,
        };
    }

    private readonly struct AddressTest
    {
        private readonly AddressField _field;
        private readonly bool _negated;
        private readonly AddressFamily _family;
        private readonly ulong _maskHigh;
        private readonly ulong _maskLow;
        private readonly ulong _high;
        private readonly ulong _low;

        public AddressTest(AddressField field, Prefix network, bool negated)
        {
            (_field, _negated, _family) = (field, negated, network.Address.Family);
            int leading = _family == AddressFamily.IPv4 ? network.Length + 96 : network.Length;
            (_maskHigh, _maskLow) = (LeadingOnes(leading), LeadingOnes(leading - 64));
            (_high, _low) = (network.Address.High & _maskHigh, network.Address.Low & _maskLow);
        }

        public bool Holds(in FlowRecord record)
        {
            ref readonly Address address = ref _field == AddressField.Source ? ref record.SourceAddress : ref record.DestinationAddress;
            bool contains = address.Family == _family && (address.High & _maskHigh) == _high && (address.Low & _maskLow) == _low;
            return contains != _negated;
        }

        private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
    }
}
