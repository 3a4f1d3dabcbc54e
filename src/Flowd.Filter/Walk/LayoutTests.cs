using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>The tests of all rules, compiled for records of one layout.</summary>
internal sealed class LayoutTests
{
    private readonly (WireTest Test, bool Negated)[][] _ofRules;

    public LayoutTests(WireLayout layout, NumberTest[] numbers, AddressTest[] addresses, IEnumerable<WalkedRule> rules)
    {
        Layout = layout;
        _ofRules = [.. rules.Select(rule => addresses[rule.FirstAddress..rule.EndAddress].Select(test => (test.OnWire(layout), test.Negated))
            .Concat(numbers[rule.FirstNumber..rule.EndNumber].Select(test => (test.OnWire(layout), test.Negated))).ToArray())];
    }

    public WireLayout Layout { get; }

    /// <summary>Those of the records, a bit for each, that the rule matches.</summary>
    public ulong Matches(int rule, ReadOnlySpan<byte> records, ulong among)
    {
        foreach (ref readonly (WireTest Test, bool Negated) part in _ofRules[rule].AsSpan())
        {
            if (among == 0)
                return 0;
            ulong matches = part.Test.Matches(records, Layout.Length);
            among &= part.Negated ? ~matches : matches;
        }

        return among;
    }
}
