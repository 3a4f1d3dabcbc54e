using System;
using Flowd.Records;

namespace Flowd.Filter.Walk;

/// <summary>
/// Tries all rules on many records that are not decoded, which have one layout: each test is asked of all of them before the next one is. Belongs to one thread.
/// </summary>
internal sealed class RunWalk(NumberTest[] numbers, AddressTest[] addresses, WalkedRule[] rules)
{
    private readonly LayoutTests?[] _layouts = new LayoutTests?[8]; // those that were met last
    private readonly ulong[] _matches = new ulong[rules.Length];
    private int _oldest;

    /// <summary>For each rule the records that it matches, and no quick rule before it, a bit for each.</summary>
    public ReadOnlySpan<ulong> Matches => _matches;

    /// <summary>Finds them, among <paramref name="among"/>.</summary>
    public void Find(WireLayout layout, ReadOnlySpan<byte> records, ulong among)
    {
        LayoutTests tests = TestsOf(layout);
        tests.Begin(records.Length / layout.Length);
        ulong left = among;
        for (int i = 0; i < rules.Length; i++)
        {
            _matches[i] = tests.Matches(i, records, left);
            if (rules[i].IsQuick)
                left &= ~_matches[i];
        }
    }

    private LayoutTests TestsOf(WireLayout layout)
    {
        foreach (LayoutTests? known in _layouts)
        {
            if (known?.Layout == layout)
                return known;
        }

        var tests = new LayoutTests(layout, numbers, addresses, rules);
        _layouts[_oldest] = tests;
        _oldest = (_oldest + 1) % _layouts.Length;
        return tests;
    }
}
